package io.streamhouse.spec.table;

import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.Partition;
import java.util.List;
import java.util.Objects;

/**
 * Keys that a commit deletes, also those that were not found; ordered by (partition, bucket, key).
 *
 * @param groups consecutive ranges of {@code keys}, one per bucket
 * @param keys normalised keys
 */
public record DeleteBlock(List<Group> groups, KeyColumn keys) {
    public DeleteBlock {
        groups = List.copyOf(groups);
        Objects.requireNonNull(keys, "keys");
        int at = 0;
        for (Group g : groups) {
            if (g.first() != at || g.count() < 1) {
                throw new IllegalArgumentException("delete group at %d, expected %d".formatted(g.first(), at));
            }
            at += g.count();
        }
        if (at != keys.size()) {
            throw new IllegalArgumentException("delete groups hold %d keys of %d".formatted(at, keys.size()));
        }
    }

    /** A block without deletes. */
    public static DeleteBlock empty(int words) {
        return new DeleteBlock(List.of(), KeyColumn.empty(words));
    }

    /**
     * Deleted keys of one bucket.
     *
     * @param partition partition tuple
     * @param modulus number of buckets when written
     * @param bucket bucket
     * @param first index of the first key
     * @param count keys
     */
    public record Group(Partition partition, int modulus, int bucket, int first, int count) {}
}
