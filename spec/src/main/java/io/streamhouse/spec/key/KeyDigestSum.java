package io.streamhouse.spec.key;

import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Growing {@link KeyDigest}: the sum of murmur3 hashes (128 bits, x64 variant, seed 0) of canonical keys. One thread; no
 * allocation for keys of one or two longs.
 */
public final class KeyDigestSum {
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    private long high;
    private long low;

    /** Adds a key of one long. */
    public void add(long word) {
        // 8 bytes are all tail
        long h1 = mixFirst(canonical(word)) ^ 8;
        finish(h1, 8);
    }

    /** Adds a key of two longs. */
    public void add(long first, long second) {
        // 16 bytes are one block and no tail
        long h1 = Long.rotateLeft(mixFirst(canonical(first)), 27) * 5 + 0x52dce729;
        long k2 = Long.rotateLeft(canonical(second) * C2, 33) * C1;
        long h2 = (Long.rotateLeft(k2, 31) + h1) * 5 + 0x38495ab5;
        finish(h1 ^ 16, h2 ^ 16);
    }

    /** Adds a byte string key. */
    public void add(byte[] bytes, int offset, int length) {
        long[] h = MurmurHash3.hash128x64(bytes, offset, length, 0);
        plus(h[0], h[1]);
    }

    /** The sum so far. */
    public KeyDigest digest() {
        return new KeyDigest(high, low);
    }

    /** The eight canonical bytes as murmur3 reads them: little-endian. */
    private static long canonical(long word) {
        return Long.reverseBytes(word ^ Long.MIN_VALUE);
    }

    private static long mixFirst(long k1) {
        return Long.rotateLeft(k1 * C1, 31) * C2;
    }

    private void finish(long a, long b) {
        long h1 = a + b;
        long h2 = b + h1;
        h1 = mixFinal(h1);
        h2 = mixFinal(h2);
        h1 += h2;
        h2 += h1;
        plus(h1, h2);
    }

    private static long mixFinal(long hash) {
        long h = hash;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }

    private void plus(long h1, long h2) {
        long sum = low + h2;
        high += h1 + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
    }
}
