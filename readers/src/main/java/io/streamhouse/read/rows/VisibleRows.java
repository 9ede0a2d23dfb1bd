package io.streamhouse.read.rows;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.Field;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The visible rows of one file's ranges that pass the filter, in file order. Columns of the filter are read first; the
 * others only where a row passed. One thread.
 */
public final class VisibleRows implements Closeable {
    /** Masked runs below this are decoded and dropped, longer ones are sought over. */
    private static final int MIN_SOUGHT_ROWS = 1024;

    /** When fewer than one row in this many passes, its other columns are fetched by position. */
    private static final int SPARSE = 8;

    private final RowFiles files;
    private final FileRanges source;
    private final ReadRequest request;

    /** Read for every row: the filter's columns, or all if there is no filter. */
    private final List<Field> early;

    /** Read where a row passed. */
    private final List<Field> late;

    private FileColumns earlyColumns;
    private FileColumns lateColumns;
    /** First row that {@link #lateColumns} can still seek to. */
    private int lateFrom;

    private int range;
    private int at;
    private long consumed;

    /**
     * @param skip visible rows to leave out at the beginning; they are not read
     * @param consumedBefore visible rows that count as read before the first one of this file
     */
    public VisibleRows(RowFiles files, FileRanges source, ReadRequest request, long skip, long consumedBefore) {
        this.files = files;
        this.source = source;
        this.request = request;
        this.early =
                request.filter() == null ? request.columns() : request.filter().columns();
        this.late = request.columns().stream().filter(f -> !early.contains(f)).toList();
        this.consumed = consumedBefore + skip;
        skip(skip);
        files.counts().filesOpened++;
    }

    private void skip(long rows) {
        long rest = rows;
        at = source.bounds().length == 0 ? 0 : source.bounds()[0];
        while (rest > 0 && range < source.bounds().length) {
            int end = source.bounds()[range + 1];
            long visible = source.visibleRows(at, end);
            if (visible > rest) {
                at = positionAfter(at, end, rest);
                return;
            }
            rest -= visible;
            nextRange();
        }
        if (rest > 0) {
            throw new IllegalArgumentException("%d rows to skip are not in %s"
                    .formatted(rest, source.file().object().path()));
        }
    }

    /** Smallest position with exactly {@code rows} visible ones in {@code [from, position)}. */
    private int positionAfter(int from, int end, long rows) {
        int lo = from;
        int hi = end;
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (source.visibleRows(from, mid) < rows) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        return lo;
    }

    private void nextRange() {
        range += 2;
        at = range < source.bounds().length ? source.bounds()[range] : at;
    }

    /** The next rows, or null at the end. */
    public VisibleBatch next() throws IOException {
        while (range < source.bounds().length) {
            int end = source.bounds()[range + 1];
            int visible = (int) Math.min(end, source.hidden().nextAbsentValue(at));
            if (visible == end) {
                closeColumns();
                nextRange();
                continue;
            }
            if (earlyColumns == null) {
                at = visible;
                earlyColumns = files.open(source.file(), early, at, end);
            } else if (visible - at >= MIN_SOUGHT_ROWS) {
                at = visible;
                earlyColumns.seek(at);
            }
            VisibleBatch batch = read();
            if (batch != null) {
                files.counts().rowsDelivered += batch.passing().length;
                return batch;
            }
        }
        return null;
    }

    private VisibleBatch read() throws IOException {
        ColumnBatch batch = earlyColumns.next();
        if (batch == null || earlyColumns.batchStart() != at) {
            throw new IllegalStateException("rows of %s begin at %d, expected %d"
                    .formatted(source.file().object().path(), earlyColumns.batchStart(), at));
        }
        int start = at;
        at += batch.rowCount();
        files.counts().rowsRead += batch.rowCount();
        long[] visible = BitRows.allBut(source.hidden(), start, batch.rowCount());
        long before = consumed;
        consumed += BitRows.count(visible);
        long[] selected = request.filter() == null ? visible : request.filter().select(batch, visible);
        int[] passing = BitRows.rows(selected);
        if (passing.length == 0) {
            return null;
        }
        return new VisibleBatch(assembled(batch, start, passing), passing, visible, before, start);
    }

    private ColumnBatch assembled(ColumnBatch batch, int start, int[] passing) throws IOException {
        boolean all = passing.length == batch.rowCount();
        int[] selection = all ? null : passing;
        if (late.isEmpty()) {
            return ordered(batch, batch, selection);
        }
        if (lateColumns == null) {
            lateColumns = files.open(source.file(), late, start, source.bounds()[range + 1]);
            lateFrom = start;
        }
        if (start >= lateFrom && (long) passing.length * SPARSE >= batch.rowCount()) {
            lateColumns.seek(start);
            ColumnBatch others = lateColumns.next();
            lateFrom = start + others.rowCount();
            // batches end by bytes too, so wide columns may bring fewer rows, narrow ones more
            if (others.rowCount() == batch.rowCount()) {
                return ordered(batch, others, selection);
            }
        }
        int[] positions = new int[passing.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = start + passing[i];
        }
        return ordered(batch.gather(passing, 0, passing.length), lateColumns.rows(positions), null);
    }

    private ColumnBatch ordered(ColumnBatch first, ColumnBatch others, int[] selection) {
        List<ColumnVector> out = new ArrayList<>();
        for (Field column : request.columns()) {
            int i = early.indexOf(column);
            out.add(i >= 0 ? first.column(i) : others.column(late.indexOf(column)));
        }
        return new ColumnBatch(out, first.rowCount(), selection);
    }

    private void closeColumns() throws IOException {
        FileColumns first = earlyColumns;
        FileColumns second = lateColumns;
        earlyColumns = null;
        lateColumns = null;
        try {
            if (first != null) {
                first.close();
            }
        } finally {
            if (second != null) {
                second.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closeColumns();
    }
}
