package io.streamhouse.spec.table;

import io.streamhouse.spec.key.Partition;
import java.util.Objects;

/**
 * A manifest as a snapshot names it.
 *
 * @param path path relative to the table root
 * @param sizeBytes length of the object
 * @param crc CRC-32C of all its bytes
 * @param entries file entries in it
 * @param range what its entries cover
 */
public record ManifestRef(String path, long sizeBytes, int crc, int entries, Range range) {
    public ManifestRef {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(range, "range");
    }

    /**
     * What a manifest's entries cover; all bounds inclusive.
     *
     * @param minPartition smallest partition tuple
     * @param maxPartition largest partition tuple
     * @param minBucket smallest bucket
     * @param maxBucket largest bucket
     * @param minAddedIn smallest {@code addedIn}
     * @param maxAddedIn largest {@code addedIn}
     */
    public record Range(
            Partition minPartition,
            Partition maxPartition,
            int minBucket,
            int maxBucket,
            long minAddedIn,
            long maxAddedIn) {}
}
