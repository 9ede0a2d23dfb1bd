package io.streamhouse.spec.type;

import java.util.List;

/**
 * Where rows of a table stand; fixed after the first snapshot.
 *
 * @param primaryKey key columns in declared order, empty for an append table
 * @param partitionKeys partition columns, empty if unpartitioned
 * @param bucketKey columns that choose the bucket; empty for an append table without one, and for a table whose key
 *     consists of partition columns only (one bucket)
 * @param buckets buckets per partition, at least 1
 */
public record TableLayout(List<String> primaryKey, List<String> partitionKeys, List<String> bucketKey, int buckets) {
    public TableLayout {
        primaryKey = List.copyOf(primaryKey);
        partitionKeys = List.copyOf(partitionKeys);
        bucketKey = List.copyOf(bucketKey);
        if (buckets < 1) {
            throw new IllegalArgumentException("buckets is " + buckets + ", at least 1 is needed");
        }
    }

    /** True for an upsert table. */
    public boolean hasKey() {
        return !primaryKey.isEmpty();
    }
}
