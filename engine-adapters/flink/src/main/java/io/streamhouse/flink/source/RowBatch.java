package io.streamhouse.flink.source;

import io.streamhouse.flink.row.BatchRow;
import io.streamhouse.spec.column.ColumnBatch;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.types.RowKind;

/**
 * Rows of one split, or the word that it is finished. Handed over whole, then read by one thread.
 */
final class RowBatch implements RecordsWithSplitIds<SourceRow> {
    private static final RowKind[] KINDS = {RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE
    };

    private final String splitId;
    private final boolean finished;
    private final BatchRow.Shape shape;
    private final ColumnBatch rows;

    /** Row kind codes, one per row; null: all are inserts. */
    private final byte[] kinds;

    private final long[] positions;
    private boolean started;
    private int next;

    private RowBatch(
            String splitId, boolean finished, BatchRow.Shape shape, ColumnBatch rows, byte[] kinds, long[] positions) {
        this.splitId = Objects.requireNonNull(splitId);
        this.finished = finished;
        this.shape = shape;
        this.rows = rows;
        this.kinds = kinds;
        this.positions = positions;
    }

    /**
     * Some rows.
     *
     * @param kinds row kind code of each selected row; null: inserts
     * @param positions source rows consumed after each selected row; rows without one are not delivered
     */
    static RowBatch of(String splitId, BatchRow.Shape shape, ColumnBatch rows, byte[] kinds, long[] positions) {
        return new RowBatch(splitId, false, shape, rows, kinds, positions);
    }

    /** The end of a split. */
    static RowBatch finished(String splitId) {
        return new RowBatch(splitId, true, null, null, null, null);
    }

    @Override
    public String nextSplit() {
        if (started || finished) {
            return null;
        }
        started = true;
        return splitId;
    }

    @Override
    public SourceRow nextRecordFromSplit() {
        if (rows == null || next == positions.length) {
            return null;
        }
        int i = next++;
        RowKind kind = kinds == null ? RowKind.INSERT : KINDS[kinds[i]];
        return new SourceRow(new BatchRow(shape, rows, rows.position(i), kind), positions[i]);
    }

    @Override
    public Set<String> finishedSplits() {
        return finished ? Set.of(splitId) : Set.of();
    }
}
