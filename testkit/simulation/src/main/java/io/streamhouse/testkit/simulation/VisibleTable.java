package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import io.streamhouse.testkit.TableModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a reader sees: every visible position of a snapshot, by key. Files are read once, they never change. Each snapshot is
 * looked at as a whole; from one to the next only what differs is sorted anew. One thread.
 */
final class VisibleTable {
    private final Table table;
    private final int keyColumns;
    private final Function<List<Object>, KeyDigest> digests;
    private final Map<UUID, List<Place>> files = new HashMap<>();
    /** Positions of {@link #shown}, by file. */
    private Map<UUID, BitSet> positions = Map.of();

    private NavigableMap<List<Object>, Place> shown = new TreeMap<>(TableModel.naturalOrder());

    /**
     * Where the row of a key stands.
     *
     * @param file file
     * @param position position in it
     * @param key the key
     * @param row the whole row
     * @param digest of the key, if somebody wants it
     */
    record Place(UUID file, int position, List<Object> key, List<Object> row, KeyDigest digest) {}

    VisibleTable(Table table, int keyColumns) {
        this(table, keyColumns, key -> KeyDigest.ZERO);
    }

    /**
     * The same with digests.
     *
     * @param digests of a key
     */
    VisibleTable(Table table, int keyColumns, Function<List<Object>, KeyDigest> digests) {
        this.table = table;
        this.keyColumns = keyColumns;
        this.digests = digests;
    }

    /** Rows of a snapshot, the same map as long as nothing changes; a key that is visible twice is a failure. */
    NavigableMap<List<Object>, Place> rows(Snapshot snapshot) throws IOException {
        return rows(LakeView.of(table.snapshots().tree(snapshot)));
    }

    NavigableMap<List<Object>, Place> rows(LakeView view) throws IOException {
        Map<UUID, BitSet> now = positions(view);
        if (now.equals(positions)) {
            return shown;
        }
        NavigableMap<List<Object>, Place> out = new TreeMap<>(shown);
        // what has gone goes first: a row that moved is not there twice
        positions.forEach((file, old) -> difference(old, now.get(file))
                .forEach(p -> out.remove(files.get(file).get(p).key())));
        now.forEach((file, here) -> difference(here, positions.get(file)).forEach(p -> {
            Place place = files.get(file).get(p);
            Place old = out.put(place.key(), place);
            if (old != null) {
                throw new AssertionError(
                        "snapshot %d shows %s and %s".formatted(view.snapshotId(), old.row(), place.row()));
            }
        }));
        positions = now;
        shown = Collections.unmodifiableNavigableMap(out);
        return shown;
    }

    /** Whether a view shows the same positions as the last snapshot did. */
    boolean isShownBy(LakeView view) throws IOException {
        return positions(view).equals(positions);
    }

    private Map<UUID, BitSet> positions(LakeView view) throws IOException {
        Map<UUID, BitSet> out = new HashMap<>();
        for (FileEntry entry : view.files()) {
            UUID id = entry.file().object().id();
            int rows = read(entry).size();
            BitSet visible = new BitSet(rows);
            for (int position = 0; position < rows; position++) {
                if (view.isVisible(id, position)) {
                    visible.set(position);
                }
            }
            if (!visible.isEmpty()) {
                out.put(id, visible);
            }
        }
        return out;
    }

    private static IntStream difference(BitSet one, BitSet other) {
        if (other == null) {
            return one.stream();
        }
        BitSet out = (BitSet) one.clone();
        out.andNot(other);
        return out.stream();
    }

    static List<Object> values(Row row) {
        List<Object> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            values.add(row.value(i));
        }
        return values;
    }

    private List<Place> read(FileEntry entry) throws IOException {
        UUID id = entry.file().object().id();
        List<Place> known = files.get(id);
        if (known != null) {
            return known;
        }
        List<Field> fields = table.schema().fields();
        int[] all = IntStream.range(0, fields.size()).toArray();
        List<Place> rows = new ArrayList<>();
        try (ColumnFileReader in = ColumnFiles.reader(
                table.components().store(),
                entry.file(),
                fields,
                all,
                0,
                entry.file().rowCount())) {
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                for (int i = 0; i < batch.rowCount(); i++) {
                    List<Object> row = values(RowReader.row(batch, fields, i));
                    List<Object> key = List.copyOf(row.subList(0, keyColumns));
                    rows.add(new Place(id, rows.size(), key, row, digests.apply(key)));
                }
            }
        }
        files.put(id, rows);
        return rows;
    }
}
