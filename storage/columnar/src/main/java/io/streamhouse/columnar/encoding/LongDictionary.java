package io.streamhouse.columnar.encoding;

import java.util.Arrays;

/** Distinct numbers in order of first appearance; ids are dense from 0. One thread. */
public final class LongDictionary {
    private int[] table = new int[1024];
    private long[] values = new long[256];
    private int size;

    public int size() {
        return size;
    }

    /** Distinct values; the first {@link #size()} count. */
    public long[] values() {
        return values;
    }

    /** The value's id, new if it was not there. */
    public int idOf(long value) {
        int mask = table.length - 1;
        int slot = (int) mix(value) & mask;
        while (true) {
            int entry = table[slot];
            if (entry == 0) {
                return add(value, slot);
            }
            if (values[entry - 1] == value) {
                return entry - 1;
            }
            slot = (slot + 1) & mask;
        }
    }

    private int add(long value, int slot) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
        table[slot] = size;
        if (size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = (int) mix(values[id]) & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = id + 1;
        }
    }

    /** Forgets the ids from {@code newSize} on; nothing may be looked up afterwards. */
    public void truncate(int newSize) {
        size = newSize;
    }

    static long mix(long value) {
        long h = value * 0x9E3779B97F4A7C15L;
        return h ^ (h >>> 32);
    }
}
