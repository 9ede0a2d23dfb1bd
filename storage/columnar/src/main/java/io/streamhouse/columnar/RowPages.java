package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ColumnStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Rows on their way into a file of any format: checked, collected, cut into pages, counted. One thread. */
final class RowPages {
    /** Longest text or binary value. */
    static final int MAX_VALUE_BYTES = 64 << 20;

    static final int PAGE_ROWS = ColumnFiles.BATCH_ROWS;
    private static final int PAGE_BYTES = 1 << 20;
    /** Raw bytes of the pages of all columns between two cuts, so that a few of them make a batch. */
    private static final int CUT_BYTES = 16 << 20;

    private static final int LEAST_ROWS = 64;
    private static final int MAX_ROWS = Integer.MAX_VALUE - 1;

    /** Takes pages of all columns that begin and end at the same rows. */
    interface Sink {
        /** Values and their range, one entry per column of the file. */
        void page(PageValues[] values, ValueRange[] ranges) throws IOException;
    }

    private final String path;
    private final List<ParquetColumn> columns;
    private final Sink sink;
    private final PageBuffer[] buffers;
    private final ValueRange[] fileRanges;
    private final int pageRows;
    private final int pageBytes;
    private int rowCount;

    RowPages(String path, List<ParquetColumn> columns, Set<Integer> statsFieldIds, Sink sink) {
        this.path = path;
        this.columns = columns;
        this.sink = sink;
        int n = columns.size();
        this.buffers = new PageBuffer[n];
        this.fileRanges = new ValueRange[n];
        int byteColumns = 0;
        for (int c = 0; c < n; c++) {
            ParquetColumn column = columns.get(c);
            buffers[c] = new PageBuffer(column.isBytes());
            fileRanges[c] = statsFieldIds.contains(column.field().id()) ? new ValueRange(column) : null;
            byteColumns += column.isBytes() ? 1 : 0;
        }
        this.pageRows = rowsFor(n);
        this.pageBytes = Math.min(PAGE_BYTES, Math.max(4096, CUT_BYTES / Math.max(1, byteColumns)));
    }

    /** Most rows of a page when so many columns stand beside each other. */
    static int rowsFor(int columnCount) {
        return Math.min(PAGE_ROWS, Math.max(LEAST_ROWS, CUT_BYTES / 8 / Math.max(1, columnCount)));
    }

    int rowCount() {
        return rowCount;
    }

    void write(ColumnBatch batch) throws IOException {
        check(batch);
        int n = batch.selectedCount();
        if ((long) rowCount + n > MAX_ROWS) {
            throw new IllegalArgumentException("%s would hold more than %d rows".formatted(path, MAX_ROWS));
        }
        int from = 0;
        while (from < n) {
            int to = fitting(batch, from, Math.min(n, from + pageRows - buffers[0].rows()));
            if (to == from) {
                cut();
                continue;
            }
            for (int c = 0; c < buffers.length; c++) {
                buffers[c].append(batch.column(c), batch.selection(), from, to);
            }
            rowCount += to - from;
            from = to;
            if (buffers[0].rows() >= pageRows) {
                cut();
            }
        }
    }

    /** How far rows go into the current pages; a page without rows takes one of any size. */
    private int fitting(ColumnBatch batch, int from, int to) {
        int end = to;
        for (int c = 0; c < buffers.length; c++) {
            if (batch.column(c) instanceof ColumnVector.Bytes v) {
                long used = buffers[c].dataBytes();
                int i = from;
                for (; i < end; i++) {
                    int p = batch.position(i);
                    used += v.offsets()[p + 1] - v.offsets()[p];
                    if (used > pageBytes && (i > from || buffers[c].rows() > 0)) {
                        break;
                    }
                }
                end = i;
            }
        }
        return end;
    }

    private void check(ColumnBatch batch) {
        if (batch.columns().size() != columns.size()) {
            throw new IllegalArgumentException(
                    "batch of %d columns, %s has %d".formatted(batch.columns().size(), path, columns.size()));
        }
        for (int c = 0; c < columns.size(); c++) {
            WrittenValues.check(columns.get(c), batch.column(c), batch, path);
        }
    }

    /** Hands the rows so far to the sink; no effect if there are none. */
    void cut() throws IOException {
        if (buffers[0].rows() == 0) {
            return;
        }
        PageValues[] values = new PageValues[buffers.length];
        ValueRange[] ranges = new ValueRange[buffers.length];
        for (int c = 0; c < buffers.length; c++) {
            values[c] = buffers[c].cut();
            ranges[c] = ValueRange.of(columns.get(c), values[c]);
            if (fileRanges[c] != null) {
                fileRanges[c].add(ranges[c]);
            }
        }
        sink.page(values, ranges);
    }

    /** Raw bytes of pages. */
    static long bytes(PageValues[] pages) {
        long sum = 0;
        for (PageValues page : pages) {
            sum += page.numbers() == null ? page.dataBytes() + 4L * page.count() : 8L * page.count();
        }
        return sum;
    }

    /** Statistics of the pages cut so far, ascending by field id. */
    List<ColumnStats> stats() {
        List<ColumnStats> stats = new ArrayList<>();
        for (ValueRange range : fileRanges) {
            if (range != null) {
                stats.add(range.columnStats());
            }
        }
        stats.sort(Comparator.comparingInt(ColumnStats::fieldId));
        return stats;
    }
}
