package io.streamhouse.columnar.encoding;

import java.util.Arrays;

/** Distinct byte strings in order of first appearance; ids are dense from 0. One thread. */
public final class BytesDictionary {
    private final ByteSink data = new ByteSink(4096);
    private int[] table = new int[1024];
    private int[] offsets = new int[257];
    private int[] hashes = new int[256];
    private int size;

    public int size() {
        return size;
    }

    /** Bytes of all values. */
    public int sizeBytes() {
        return offsets[size];
    }

    /** All values, end to end. */
    public byte[] data() {
        return data.array();
    }

    /** Value i is {@code data[offsets[i] .. offsets[i + 1])}. */
    public int[] offsets() {
        return offsets;
    }

    /** The value's id, new if it was not there. */
    public int idOf(byte[] bytes, int from, int to) {
        int hash = hash(bytes, from, to);
        int mask = table.length - 1;
        int slot = hash & mask;
        while (true) {
            int entry = table[slot];
            if (entry == 0) {
                return add(bytes, from, to, hash, slot);
            }
            int id = entry - 1;
            if (hashes[id] == hash && Arrays.equals(data.array(), offsets[id], offsets[id + 1], bytes, from, to)) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
    }

    private int add(byte[] bytes, int from, int to, int hash, int slot) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2 + 1);
        }
        data.put(bytes, from, to - from);
        hashes[size++] = hash;
        offsets[size] = data.size();
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
            int slot = hashes[id] & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = id + 1;
        }
    }

    /** Forgets the ids from {@code newSize} on; nothing may be looked up afterwards. */
    public void truncate(int newSize) {
        size = newSize;
        data.truncate(offsets[newSize]);
    }

    private static int hash(byte[] bytes, int from, int to) {
        long h = to - from;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            h = LongDictionary.mix(h ^ ByteSource.longAt(bytes, i));
        }
        long rest = 0;
        for (int shift = 0; i < to; i++, shift += 8) {
            rest |= (bytes[i] & 0xFFL) << shift;
        }
        h = LongDictionary.mix(h ^ rest);
        return (int) (h ^ (h >>> 32));
    }
}
