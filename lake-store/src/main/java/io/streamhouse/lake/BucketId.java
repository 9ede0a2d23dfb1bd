package io.streamhouse.lake;

import io.streamhouse.spec.key.Partition;
import java.util.Comparator;
import java.util.Objects;

/**
 * A bucket of a partition; ordered as slices are in a file.
 *
 * @param partition partition tuple
 * @param bucket bucket number
 */
public record BucketId(Partition partition, int bucket) implements Comparable<BucketId> {
    private static final Comparator<BucketId> ORDER =
            Comparator.comparing(BucketId::partition).thenComparingInt(BucketId::bucket);

    public BucketId {
        Objects.requireNonNull(partition, "partition");
    }

    @Override
    public int compareTo(BucketId other) {
        return ORDER.compare(this, other);
    }
}
