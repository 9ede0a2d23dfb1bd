package io.streamhouse.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An order-independent hash over all columns of a multiset of rows: the sum modulo 2^128 of a 128-bit hash per row.
 *
 * <p>A row's hash is two 64-bit mixes of its canonical bytes with different constants. Adding a row and removing it
 * again gives the value before, so a subscriber can keep the hash of a table from its changes alone. It is the judge's
 * own code and shares nothing with the digests that the tables keep. Not thread-safe.
 */
final class RowHash {
    /** Odd constants with about half of their bits set: the fractions of the golden ratio and of square roots. */
    private static final long MULTIPLIER_HIGH = 0x9E3779B97F4A7C15L;

    private static final long MULTIPLIER_LOW = 0xBB67AE8584CAA73BL;
    private static final long SEED_HIGH = 0x3C6EF372FE94F82BL;
    private static final long SEED_LOW = 0xA54FF53A5F1D36F1L;

    private long rows;
    private long high;
    private long low;

    /** Adds the row whose canonical bytes are the first {@code length} of the array. */
    void add(byte[] bytes, int length) {
        long rowHigh = mix(bytes, length, SEED_HIGH, MULTIPLIER_HIGH);
        long rowLow = mix(bytes, length, SEED_LOW, MULTIPLIER_LOW);
        long sum = low + rowLow;
        high += rowHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
        rows++;
    }

    /** Takes away a row that was added before. */
    void remove(byte[] bytes, int length) {
        long rowHigh = mix(bytes, length, SEED_HIGH, MULTIPLIER_HIGH);
        long rowLow = mix(bytes, length, SEED_LOW, MULTIPLIER_LOW);
        high -= rowHigh + (Long.compareUnsigned(low, rowLow) < 0 ? 1 : 0);
        low -= rowLow;
        rows--;
    }

    /** Adds what another hash has summed up. */
    void addAll(long otherRows, long otherHigh, long otherLow) {
        long sum = low + otherLow;
        high += otherHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
        rows += otherRows;
    }

    /** Count and hash so far. */
    TableDigest digest() {
        return new TableDigest(rows, high, low);
    }

    private static long mix(byte[] bytes, int length, long seed, long multiplier) {
        ByteBuffer words = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        long hash = seed + length * multiplier;
        while (words.remaining() >= Long.BYTES) {
            hash = step(hash, words.getLong(), multiplier);
        }
        long tail = 0;
        for (int shift = 0; words.hasRemaining(); shift += Byte.SIZE) {
            tail |= (words.get() & 0xFFL) << shift;
        }
        return finish(step(hash, tail, multiplier), multiplier);
    }

    private static long step(long hash, long word, long multiplier) {
        long mixed = (hash ^ word) * multiplier;
        return Long.rotateLeft(mixed ^ mixed >>> 29, 27);
    }

    private static long finish(long hash, long multiplier) {
        long mixed = (hash ^ hash >>> 32) * multiplier;
        mixed = (mixed ^ mixed >>> 29) * multiplier;
        return mixed ^ mixed >>> 32;
    }
}
