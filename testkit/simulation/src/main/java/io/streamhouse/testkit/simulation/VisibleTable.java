package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import io.streamhouse.testkit.TableModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** What a reader sees: every visible position of a snapshot, by key. Files are read once, they never change. */
final class VisibleTable {
    private final Table table;
    private final int keyColumns;
    private final Map<UUID, List<Row>> files = new HashMap<>();

    /**
     * Where the row of a key stands.
     *
     * @param file file
     * @param position position in it
     * @param row the whole row
     */
    record Place(UUID file, int position, List<Object> row) {}

    VisibleTable(Table table, int keyColumns) {
        this.table = table;
        this.keyColumns = keyColumns;
    }

    /** Rows of a snapshot; a key that is visible twice is a failure. */
    NavigableMap<List<Object>, Place> rows(Snapshot snapshot) throws IOException {
        return rows(LakeView.of(table.snapshots().tree(snapshot)));
    }

    NavigableMap<List<Object>, Place> rows(LakeView view) throws IOException {
        NavigableMap<List<Object>, Place> out = new TreeMap<>(TableModel.naturalOrder());
        for (FileEntry entry : view.files()) {
            UUID id = entry.file().object().id();
            List<Row> rows = read(entry);
            for (int position = 0; position < rows.size(); position++) {
                if (view.isVisible(id, position)) {
                    List<Object> row = values(rows.get(position));
                    Place old = out.put(row.subList(0, keyColumns), new Place(id, position, row));
                    if (old != null) {
                        throw new AssertionError(
                                "snapshot %d shows %s and %s".formatted(view.snapshotId(), old.row(), row));
                    }
                }
            }
        }
        return out;
    }

    static List<Object> values(Row row) {
        List<Object> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            values.add(row.value(i));
        }
        return values;
    }

    private List<Row> read(FileEntry entry) throws IOException {
        UUID id = entry.file().object().id();
        List<Row> known = files.get(id);
        if (known != null) {
            return known;
        }
        List<Field> fields = table.schema().fields();
        int[] all = IntStream.range(0, fields.size()).toArray();
        List<Row> rows = new ArrayList<>();
        try (ColumnFileReader in = ColumnFiles.reader(
                table.components().store(),
                entry.file(),
                fields,
                all,
                0,
                entry.file().rowCount())) {
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                for (int i = 0; i < batch.rowCount(); i++) {
                    rows.add(RowReader.row(batch, fields, i));
                }
            }
        }
        files.put(id, rows);
        return rows;
    }
}
