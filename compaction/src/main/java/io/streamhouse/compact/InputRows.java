package io.streamhouse.compact;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Cursor over the visible rows of one input, slice after slice, in file order; holds one batch. One thread. */
final class InputRows implements Closeable {
    /** Masked runs below this are decoded and dropped, longer ones are sought over. */
    private static final int MIN_SOUGHT_ROWS = 1024;

    private final ObjectStore store;
    private final DataFile file;
    private final RoaringBitmap hidden;
    private final List<Field> written;
    private final TableSchema schema;
    private final KeyEncoder encoder;
    private final RewriteSums sums;

    private FileColumns columns;
    private ColumnBatch batch;
    private KeyColumn keys;
    private int batchStart;
    /** Visible rows of the batch, ascending. */
    private int[] visible = new int[0];

    private int visibleCount;
    private int next;
    private int sliceEnd;

    /**
     * @param written fields that the file was written with
     * @param schema what the rows are read as
     * @param encoder of the key, null in a table without key
     * @param sums gets every visible row once
     */
    InputRows(
            ObjectStore store,
            Compaction.Input input,
            List<Field> written,
            TableSchema schema,
            KeyEncoder encoder,
            RewriteSums sums) {
        this.store = store;
        this.file = input.entry().file();
        this.hidden = input.hidden();
        this.written = written;
        this.schema = schema;
        this.encoder = encoder;
        this.sums = sums;
    }

    /** Goes to the first visible row of a slice behind the last one; false if there is none. */
    boolean enter(Slice slice) throws IOException {
        if (slice.firstRow() < sliceEnd) {
            throw new IllegalStateException(
                    "slices of %s are entered in order".formatted(file.object().path()));
        }
        sliceEnd = slice.endRow();
        while (next < visibleCount && batchStart + visible[next] < slice.firstRow()) {
            next++;
        }
        return settle(slice.firstRow());
    }

    /** Goes to the next visible row of the slice; false at its end. */
    boolean advance() throws IOException {
        next++;
        return settle(0);
    }

    private boolean settle(int from) throws IOException {
        while (next == visibleCount) {
            int loaded = batch == null ? 0 : batchStart + batch.rowCount();
            long position = hidden.nextAbsentValue(Math.max(from, loaded));
            if (position >= sliceEnd) {
                return false;
            }
            load((int) position, loaded);
        }
        return batchStart + visible[next] < sliceEnd;
    }

    private void load(int position, int loaded) throws IOException {
        if (columns == null) {
            columns = FileColumns.open(store, file, written, schema.fields(), position, file.rowCount());
        } else if (position - loaded >= MIN_SOUGHT_ROWS) {
            columns.seek(position);
        }
        batch = columns.next();
        if (batch == null) {
            throw StreamhouseException.corrupt(
                    file.object().path(), "no rows at %d of %d".formatted(position, file.rowCount()));
        }
        batchStart = columns.batchStart();
        findVisible();
        keys = encoder == null
                ? null
                : encoder.keys(batch.project(schema.keyIndexes()).columns());
        sums.add(batch, keys, visible, visibleCount);
    }

    private void findVisible() {
        int rows = batch.rowCount();
        if (visible.length < rows) {
            visible = new int[rows];
        }
        next = 0;
        visibleCount = 0;
        for (long p = hidden.nextAbsentValue(batchStart); p < batchStart + rows; ) {
            long end = hidden.nextValue((int) p);
            end = end < 0 ? batchStart + rows : Math.min(end, batchStart + rows);
            for (; p < end; p++) {
                visible[visibleCount++] = (int) p - batchStart;
            }
            p = hidden.nextAbsentValue((int) p);
        }
    }

    /** The batch of the current row; another object once the rows go on in another batch. */
    ColumnBatch batch() {
        return batch;
    }

    /** Keys of the batch, null in a table without key. */
    KeyColumn keys() {
        return keys;
    }

    /** The current row in the batch. */
    int row() {
        return visible[next];
    }

    @Override
    public void close() throws IOException {
        if (columns != null) {
            columns.close();
            columns = null;
        }
        batch = null;
        keys = null;
    }
}
