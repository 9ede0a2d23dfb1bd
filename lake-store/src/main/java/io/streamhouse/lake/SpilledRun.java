package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Sorted changes whose rows went to a local file before the barrier; keys and groups stay in memory. One thread; closing
 * deletes the file.
 */
final class SpilledRun implements RowSource {
    private final ObjectStore local;
    private final List<Field> fields;
    private final DataFile file;
    private final double bytesPerRow;
    private ColumnFileReader reader;

    private SpilledRun(ObjectStore local, List<Field> fields, DataFile file, double bytesPerRow) {
        this.local = local;
        this.fields = fields;
        this.file = file;
        this.bytesPerRow = bytesPerRow;
    }

    /** Moves the rows of a flush to {@code local}; the result has the same keys and groups. */
    static SortedChanges spill(SortedChanges changes, ObjectStore local, List<Field> fields, UUID id)
            throws IOException {
        int n = changes.rows().rowCount();
        try (ColumnFileWriter out = ColumnFiles.writer(local, id, id + ".spill", fields, Set.of())) {
            int step = changes.rows().batchRows();
            for (int from = 0; from < n; from += step) {
                out.write(changes.rows().rows(from, Math.min(n, from + step)));
                // a merge holds one row group of every run, so they are small here
                out.endRowGroup();
            }
            WrittenFile w = out.finish();
            List<Slice> slices =
                    n == 0 ? List.of() : List.of(new Slice(Partition.NONE, 1, 0, 0, n, Slice.KeyRange.NONE));
            DataFile file = new DataFile(
                    w.object(),
                    new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                    n,
                    slices,
                    w.rowGroups(),
                    w.stats());
            SpilledRun run = new SpilledRun(local, fields, file, changes.rows().bytesPerRow());
            return new SortedChanges(run, changes.rowKeys(), changes.deleteKeys(), changes.groups());
        }
    }

    @Override
    public int rowCount() {
        return file.rowCount();
    }

    @Override
    public double bytesPerRow() {
        return bytesPerRow;
    }

    @Override
    public ColumnBatch rows(int from, int to) throws IOException {
        int[] positions = new int[to - from];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = from + i;
        }
        return rows(positions);
    }

    @Override
    public ColumnBatch rows(int[] positions) throws IOException {
        if (reader == null) {
            int[] all = new int[fields.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            reader = ColumnFiles.reader(local, file, fields, all, 0, file.rowCount());
        }
        return reader.rows(positions);
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        local.delete(file.object().path());
    }
}
