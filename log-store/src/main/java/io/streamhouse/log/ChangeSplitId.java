package io.streamhouse.log;

import io.streamhouse.spec.key.Partition;
import java.util.Comparator;
import java.util.Objects;

/**
 * The part of a commit, or of a snapshot, that one reader reads in order; splits of a commit ascend.
 *
 * @param partition partition tuple
 * @param rootBucket bucket modulo the table's first number of buckets
 */
public record ChangeSplitId(Partition partition, int rootBucket) implements Comparable<ChangeSplitId> {
    private static final Comparator<ChangeSplitId> ORDER =
            Comparator.comparing(ChangeSplitId::partition).thenComparingInt(ChangeSplitId::rootBucket);

    public ChangeSplitId {
        Objects.requireNonNull(partition, "partition");
        if (rootBucket < 0) {
            throw new IllegalArgumentException("root bucket " + rootBucket);
        }
    }

    @Override
    public int compareTo(ChangeSplitId other) {
        return ORDER.compare(this, other);
    }
}
