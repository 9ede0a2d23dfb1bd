package io.streamhouse.compact;

import io.streamhouse.lake.RowDigestSum;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;

/** What must be equal before and after: rows, all their values, their keys. One thread. */
final class RewriteSums {
    private final RowDigestSum rows = new RowDigestSum();
    private final KeyDigestSum keys = new KeyDigestSum();

    /**
     * The sums.
     *
     * @param rowCount rows
     * @param rows digest over all columns
     * @param keys digest of the keys, zero in a table without key
     */
    record Totals(long rowCount, KeyDigest rows, KeyDigest keys) {}

    /** Adds the rows at the first {@code count} places of {@code positions}, or rows 0 to {@code count - 1}. */
    void add(ColumnBatch batch, KeyColumn batchKeys, int[] positions, int count) {
        rows.add(batch.columns(), positions, count);
        for (int i = 0; batchKeys != null && i < count; i++) {
            batchKeys.addTo(keys, positions == null ? i : positions[i]);
        }
    }

    Totals totals() {
        return new Totals(rows.rowCount(), rows.digest(), keys.digest());
    }
}
