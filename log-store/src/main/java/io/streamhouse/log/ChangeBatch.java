package io.streamhouse.log;

import io.streamhouse.spec.column.ColumnBatch;
import java.util.Objects;

/**
 * Consecutive changes of one split. Arrays are shared, not to be written.
 *
 * @param rows dense batch of the selected columns
 * @param kinds one {@link io.streamhouse.spec.RowKind} code per row
 * @param rowsConsumed source rows of the split that are consumed once the row is delivered; one per row, ascending
 * @param commit where the changes come from
 * @param lastOfCommit true if nothing of the snapshot follows; such a batch may be empty
 */
public record ChangeBatch(
        ColumnBatch rows, byte[] kinds, long[] rowsConsumed, CommitStamp commit, boolean lastOfCommit) {
    public ChangeBatch {
        Objects.requireNonNull(commit, "commit");
        if (rows.selection() != null || kinds.length != rows.rowCount() || rowsConsumed.length != rows.rowCount()) {
            throw new IllegalArgumentException("%d kinds and %d positions for %s%d rows"
                    .formatted(
                            kinds.length,
                            rowsConsumed.length,
                            rows.selection() != null ? "a selection of " : "",
                            rows.rowCount()));
        }
    }

    public int rowCount() {
        return rows.rowCount();
    }

    public long snapshotId() {
        return commit.snapshotId();
    }

    public long commitTimeMillis() {
        return commit.timeMillis();
    }

    public int schemaId() {
        return commit.schemaId();
    }
}
