package io.streamhouse.spec.key;

import java.util.Arrays;

/**
 * Normalised keys of many rows on primitive arrays; comparing them compares the key columns in order. Immutable,
 * thread-safe for reading.
 *
 * <p>Keys of fixed width (all columns integers, dates, times, timestamps, booleans, decimals of at most 18 digits; at
 * most two of them) are one or two longs per key whose <em>signed</em> order is the key order; all others are byte
 * strings in unsigned order. {@link KeyEncoder#words} says which, from the schema alone.
 */
public final class KeyColumn {
    private final int size;

    /** Longs per key: 1 or 2; 0 = byte strings. */
    private final int words;

    /** {@code size * words} longs, key by key; null for byte strings. */
    private final long[] longs;

    /** Byte strings: key i is {@code bytes[offsets[i] .. offsets[i + 1])}; null otherwise. */
    private final byte[] bytes;

    private final int[] offsets;

    private KeyColumn(int size, int words, long[] longs, byte[] bytes, int[] offsets) {
        this.size = size;
        this.words = words;
        this.longs = longs;
        this.bytes = bytes;
        this.offsets = offsets;
    }

    /** Keys of {@code words} longs each; the array is kept. */
    public static KeyColumn ofLongs(int words, int size, long[] longs) {
        if (words < 1 || words > 2 || longs.length < (long) words * size) {
            throw new IllegalArgumentException("%d keys of %d words in %d longs".formatted(size, words, longs.length));
        }
        return new KeyColumn(size, words, longs, null, null);
    }

    /** Byte string keys; {@code offsets} has {@code size + 1} ascending entries; the arrays are kept. */
    public static KeyColumn ofBytes(int size, byte[] bytes, int[] offsets) {
        if (offsets.length <= size || offsets[0] < 0 || offsets[size] > bytes.length) {
            throw new IllegalArgumentException(
                    "%d keys with %d offsets in %d bytes".formatted(size, offsets.length, bytes.length));
        }
        return new KeyColumn(size, 0, null, bytes, offsets);
    }

    /** No keys of the given width. */
    public static KeyColumn empty(int words) {
        return words == 0 ? ofBytes(0, new byte[0], new int[1]) : ofLongs(words, 0, new long[0]);
    }

    public int size() {
        return size;
    }

    /** Longs per key, 0 for byte strings. */
    public int words() {
        return words;
    }

    public long[] longs() {
        return longs;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int[] offsets() {
        return offsets;
    }

    /** Order of key i against key j of another column of the same width. */
    public int compare(int i, KeyColumn other, int j) {
        if (words == 1) {
            return Long.compare(longs[i], other.longs[j]);
        }
        if (words == 2) {
            int c = Long.compare(longs[2 * i], other.longs[2 * j]);
            return c != 0 ? c : Long.compare(longs[2 * i + 1], other.longs[2 * j + 1]);
        }
        return Arrays.compareUnsigned(
                bytes, offsets[i], offsets[i + 1], other.bytes, other.offsets[j], other.offsets[j + 1]);
    }

    /** First index in {@code [from, to)} of this ascending column whose key is not below key j of the other one. */
    public int lowerBound(int from, int to, KeyColumn other, int j) {
        int lo = from;
        int hi = to;
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (compare(mid, other, j) < 0) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        return lo;
    }

    /** {@link #lowerBound} by galloping from {@code from}: fast when the answer is near. */
    public int gallop(int from, int to, KeyColumn other, int j) {
        int step = 1;
        int lo = from;
        // differences, not sums: lo + step may pass 2^31
        while (step < to - lo && compare(lo + step, other, j) < 0) {
            lo += step;
            step = step > 1 << 29 ? step : step << 1;
        }
        return lowerBound(lo, lo + Math.min(to - lo, step), other, j);
    }

    /** The canonical bytes of key i: big-endian sign-flipped longs, or the byte string. */
    public byte[] canonical(int i) {
        if (words == 0) {
            return Arrays.copyOfRange(bytes, offsets[i], offsets[i + 1]);
        }
        byte[] out = new byte[8 * words];
        writeCanonical(i, out);
        return out;
    }

    private void writeCanonical(int i, byte[] out) {
        for (int w = 0; w < words; w++) {
            long v = longs[i * words + w] ^ Long.MIN_VALUE;
            for (int b = 0; b < 8; b++) {
                out[8 * w + b] = (byte) (v >>> (56 - 8 * b));
            }
        }
    }

    /** Sum of the 128-bit murmur3 (x64, seed 0) hashes of the canonical bytes of keys {@code [from, to)}. */
    public KeyDigest digest(int from, int to) {
        KeyDigestSum sum = new KeyDigestSum();
        for (int i = from; i < to; i++) {
            addTo(sum, i);
        }
        return sum.digest();
    }

    /** Adds the hash of key i to a sum. */
    public void addTo(KeyDigestSum sum, int i) {
        if (words == 1) {
            sum.add(longs[i]);
        } else if (words == 2) {
            sum.add(longs[2 * i], longs[2 * i + 1]);
        } else {
            sum.add(bytes, offsets[i], offsets[i + 1] - offsets[i]);
        }
    }

    /** A dense column of the keys at {@code positions[from .. to)}. */
    public KeyColumn gather(int[] positions, int from, int to) {
        int n = to - from;
        if (words == 1) {
            long[] out = new long[n];
            for (int i = 0; i < n; i++) {
                out[i] = longs[positions[from + i]];
            }
            return ofLongs(1, n, out);
        }
        if (words == 2) {
            long[] out = new long[2 * n];
            for (int i = 0; i < n; i++) {
                int p = positions[from + i];
                out[2 * i] = longs[2 * p];
                out[2 * i + 1] = longs[2 * p + 1];
            }
            return ofLongs(2, n, out);
        }
        int[] outOffsets = new int[n + 1];
        long total = 0;
        for (int i = 0; i < n; i++) {
            int p = positions[from + i];
            total += offsets[p + 1] - offsets[p];
            outOffsets[i + 1] = (int) total;
        }
        if (total > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("gathered keys have " + total + " bytes, a column holds 2 GiB");
        }
        byte[] out = new byte[outOffsets[n]];
        for (int i = 0; i < n; i++) {
            int p = positions[from + i];
            System.arraycopy(bytes, offsets[p], out, outOffsets[i], offsets[p + 1] - offsets[p]);
        }
        return ofBytes(n, out, outOffsets);
    }

    /** A dense copy of keys {@code [from, to)}. */
    public KeyColumn range(int from, int to) {
        if (words > 0) {
            return ofLongs(words, to - from, Arrays.copyOfRange(longs, from * words, to * words));
        }
        int[] outOffsets = new int[to - from + 1];
        for (int i = 0; i < outOffsets.length; i++) {
            outOffsets[i] = offsets[from + i] - offsets[from];
        }
        return ofBytes(to - from, Arrays.copyOfRange(bytes, offsets[from], offsets[to]), outOffsets);
    }

    /** Heap bytes. */
    public long sizeBytes() {
        return words > 0 ? longs.length * 8L : bytes.length + offsets.length * 4L;
    }
}
