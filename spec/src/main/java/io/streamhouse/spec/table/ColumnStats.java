package io.streamhouse.spec.table;

import java.util.Objects;
import java.util.Optional;

/**
 * Statistics of one column of a file, for key, partition and the first 32 columns.
 *
 * @param fieldId field id
 * @param nullCount null rows
 * @param bounds smallest and largest value; absent if all rows are null, or if a float column holds NaN
 */
public record ColumnStats(int fieldId, long nullCount, Optional<Bounds> bounds) {
    public ColumnStats {
        Objects.requireNonNull(bounds, "bounds");
    }

    /**
     * Bounds in Iceberg's single-value encoding; text and binary may be truncated (then {@code max} is rounded up).
     *
     * @param min lower bound, inclusive
     * @param max upper bound, inclusive
     */
    public record Bounds(byte[] min, byte[] max) {}
}
