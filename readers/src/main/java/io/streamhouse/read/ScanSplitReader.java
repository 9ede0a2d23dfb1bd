package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.rows.ReadCounts;
import io.streamhouse.read.rows.RowFiles;
import io.streamhouse.read.rows.VisibleBatch;
import io.streamhouse.read.rows.VisibleRows;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Supplier;

/** Reads one split of a scan; after a failure it can only be closed ({@code IllegalStateException}). One thread. */
public final class ScanSplitReader implements Closeable {
    private final Table table;
    private final long snapshotId;
    private final VisibleRows rows;
    private final ReadCounts counts;
    private boolean failed;

    private ScanSplitReader(Table table, long snapshotId, VisibleRows rows, ReadCounts counts) {
        this.table = table;
        this.snapshotId = snapshotId;
        this.rows = rows;
        this.counts = counts;
    }

    /** Opens a split; nothing is read before {@link #next}. */
    public static ScanSplitReader open(Table table, ScanSplit split, ReadRequest request) {
        return open(table, split, request, 0, new ReadCounts());
    }

    /**
     * Opens a split behind its first {@code skip} visible rows, which are not read; for engines that count what they
     * consumed before the filter ({@link #rowsConsumed}).
     */
    public static ScanSplitReader open(Table table, ScanSplit split, ReadRequest request, long skip) {
        return open(table, split, request, skip, new ReadCounts());
    }

    static ScanSplitReader open(Table table, ScanSplit split, ReadRequest request, long skip, ReadCounts counts) {
        RowFiles files = new RowFiles(table.components().store(), table::schema, counts);
        return new ScanSplitReader(
                table, split.snapshotId(), new VisibleRows(files, split.rows(), request, skip, 0), counts);
    }

    /** The next rows that pass, columns as requested, possibly with a selection; null at the end. */
    public ColumnBatch next() throws IOException {
        VisibleBatch batch = visible();
        return batch == null ? null : batch.rows();
    }

    private VisibleBatch visible() throws IOException {
        if (failed) {
            throw new IllegalStateException("a split of snapshot %d of %s was read on after a failure; open it again"
                    .formatted(snapshotId, table.name()));
        }
        failed = true;
        try {
            VisibleBatch batch = rows.next();
            failed = false;
            return batch;
        } catch (StreamhouseException e) {
            throw Expiry.explained(e, table, snapshotId);
        }
    }

    /** As {@link #next}, together with the split's visible rows that are consumed once each row is delivered. */
    public PositionedBatch nextPositioned() throws IOException {
        VisibleBatch batch = visible();
        return batch == null ? null : new PositionedBatch(batch.rows(), batch.consumed(), batch::filePositions);
    }

    /**
     * Rows and where to go on behind each.
     *
     * @param rows columns as requested, possibly with a selection
     * @param rowsConsumed per selected row, what to skip in order to go on behind it; ascending
     * @param filePositions gives per selected row its position in the file of the split; ascending
     */
    public record PositionedBatch(ColumnBatch rows, long[] rowsConsumed, Supplier<int[]> filePositions) {}

    public ScanCounts counts() {
        return ScanCounts.of(counts);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
