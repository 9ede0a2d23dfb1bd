package io.streamhouse.log;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;

/**
 * Rows of one source before they become changes. Arrays are shared, not to be written.
 *
 * @param keys key per row, ascending and distinct; null where the order of keys does not matter
 * @param rows dense batch of the columns to deliver
 * @param passing bit per row, 1 = the subscriber's filter is true; null if all pass
 * @param leaving bit per row, 1 = the row does not pass but its key might have passed before, so that an upsert
 *     subscriber must see its key deleted; null for none
 */
public record SourceBatch(KeyColumn keys, ColumnBatch rows, long[] passing, long[] leaving) {
    public SourceBatch {
        if (rows.selection() != null || (keys != null && keys.size() != rows.rowCount())) {
            throw new IllegalArgumentException("a source batch is dense and has a key per row");
        }
    }

    public int rowCount() {
        return rows.rowCount();
    }

    boolean passes(int row) {
        return passing == null || isSet(passing, row);
    }

    boolean leaves(int row) {
        return leaving != null && isSet(leaving, row);
    }

    private static boolean isSet(long[] bits, int row) {
        return (bits[row >>> 6] & (1L << row)) != 0;
    }
}
