package io.streamhouse.spec.table;

import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import java.util.Objects;

/**
 * Rows of one bucket inside a data file; they ascend by key in a keyed table.
 *
 * @param partition partition tuple
 * @param modulus number of buckets when the slice was written
 * @param bucket bucket modulo {@code modulus}
 * @param firstRow position of the first row in the file
 * @param rowCount rows, at least 1
 * @param keys smallest and largest key (canonical bytes, inclusive) and the digest of all keys; empty bytes and zero in
 *     a table without key
 */
public record Slice(Partition partition, int modulus, int bucket, int firstRow, int rowCount, KeyRange keys) {
    public Slice {
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(keys, "keys");
        if (bucket < 0 || bucket >= modulus || firstRow < 0 || rowCount < 1) {
            throw new IllegalArgumentException(
                    "slice of bucket %d mod %d with rows [%d, +%d)".formatted(bucket, modulus, firstRow, rowCount));
        }
    }

    /** Position behind the last row. */
    public int endRow() {
        return firstRow + rowCount;
    }

    /**
     * Range and digest of keys.
     *
     * @param min canonical bytes of the smallest key
     * @param max canonical bytes of the largest key
     * @param digest sum of the keys' hashes
     */
    public record KeyRange(byte[] min, byte[] max, KeyDigest digest) {
        public static final KeyRange NONE = new KeyRange(new byte[0], new byte[0], KeyDigest.ZERO);
    }
}
