package io.streamhouse.spec.column;

import java.util.Arrays;

/** Growing bit set of null rows; stays unallocated until the first null. One thread. */
final class NullBits {
    private long[] bits;

    void set(int row) {
        int word = row >>> 6;
        if (bits == null) {
            bits = new long[Math.max(16, word + 1)];
        } else if (word >= bits.length) {
            bits = Arrays.copyOf(bits, Math.max(bits.length * 2, word + 1));
        }
        bits[word] |= 1L << row;
    }

    /** The bits cut to {@code size} rows, or null if no row is null. */
    long[] build(int size) {
        return bits == null ? null : Arrays.copyOf(bits, (size + 63) >>> 6);
    }

    void unset(int row) {
        if (bits != null && (row >>> 6) < bits.length) {
            bits[row >>> 6] &= ~(1L << row);
        }
    }

    void clear() {
        bits = null;
    }
}
