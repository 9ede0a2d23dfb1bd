package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.IdSource;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.SeededIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A table's files and masks by hand: flushes against any older snapshot, and publishes what a resolution says. */
final class LakeWorld {
    final CountingObjectStore store = CountingObjectStore.byKind(ObjectStores.memory(), path -> "data");
    final IdSource ids;
    final TableSchema schema;
    final KeyReader keyReader;
    final DeltaWriter deltas;
    final CommitResolver resolver;

    /** Index = snapshot id; snapshot 0 is the empty table. */
    private final List<TableTree> trees = new ArrayList<>(List.of(new TableTree(0, 0, List.of(), List.of())));

    private final List<Long> rowCounts = new ArrayList<>(List.of(0L));
    private final List<KeyDigest> digests = new ArrayList<>(List.of(KeyDigest.ZERO));

    /** One change to write. */
    record Change(RowKind kind, Row row) {
        static Change put(Object... values) {
            return new Change(RowKind.INSERT, Row.of(values));
        }

        /** Of a table (id, v). */
        static Change delete(long id) {
            return new Change(RowKind.DELETE, Row.of(id, null));
        }
    }

    LakeWorld(TableSchema schema) {
        this.schema = schema;
        this.ids = new SeededIds(1);
        // without a cache, so that reads of keys can be counted
        this.keyReader = schema.layout().hasKey() ? new KeyReader(store, schema, id -> schema, 0) : null;
        this.deltas = new DeltaWriter(store, ids, schema, keyReader, 128L << 20);
        this.resolver = resolver(CommitResolver.Rules.ALL);
    }

    /** id BIGINT key, v BIGINT. */
    static LakeWorld of(int buckets) {
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        return new LakeWorld(TableSchema.create(fields, List.of("id"), List.of(), List.of(), buckets, Map.of()));
    }

    CommitResolver resolver(CommitResolver.Rules rules) {
        return new CommitResolver(store, keyReader, rules);
    }

    long head() {
        return trees.size() - 1;
    }

    /** The whole newest tree. */
    TableTree tree() {
        return trees.get(trees.size() - 1);
    }

    /** What a tree has beyond a snapshot; nothing ever leaves the trees of this world. */
    static TableTree since(TableTree whole, long since) {
        if (since == 0) {
            return whole;
        }
        return new TableTree(
                whole.snapshotId(),
                since,
                whole.entries().stream().filter(e -> e.addedIn() > since).toList(),
                whole.segments().stream().filter(s -> s.toSnapshot() > since).toList());
    }

    LakeView view(long snapshot) {
        return LakeView.of(trees.get((int) snapshot));
    }

    LakeView view() {
        return view(head());
    }

    SortedChanges sorted(List<Change> changes) {
        Memtable memtable = new Memtable(schema);
        fill(memtable, changes);
        return memtable.seal(0);
    }

    void fill(Memtable memtable, List<Change> changes) {
        RowViews rows = RowViews.of(schema.fields(), List.of());
        changes.forEach(c -> memtable.append(c.kind(), rows.view(c.row())));
    }

    /** A writer's delta whose base is the given snapshot. */
    TableDelta flush(long base, Change... changes) throws IOException {
        return flush(0, base, List.of(changes));
    }

    TableDelta flush(int writer, long base, List<Change> changes) throws IOException {
        LakeView view = view(base);
        KeyIndex index = keyReader == null ? null : new KeyIndex(keyReader, view);
        return deltas.write(sorted(changes), writer, base, index);
    }

    CommitDelta delta(TableDelta... parts) {
        DeltaIdentity identity = new DeltaIdentity("user", 1, 1, ids.next(), Optional.empty(), false);
        return new CommitDelta(identity, OptionalLong.empty(), List.of(parts));
    }

    /** Resolves at the head and publishes. */
    CommitResolver.Resolution commit(TableDelta... parts) throws IOException {
        CommitDelta delta = delta(parts);
        CommitResolver.Resolution resolution = resolver.prepare(delta).resolve(view());
        publish(delta, resolution);
        return resolution;
    }

    void publish(CommitDelta delta, CommitResolver.Resolution resolution) {
        TableTree old = trees.get(trees.size() - 1);
        long id = old.snapshotId() + 1;
        List<FileEntry> entries = new ArrayList<>(old.entries());
        for (TableDelta part : delta.parts()) {
            part.files().stream().filter(f -> f.rowCount() > 0).forEach(f -> entries.add(new FileEntry(f, id, id, 0)));
        }
        List<MaskSegment> segments = new ArrayList<>(old.segments());
        if (!resolution.masks().isEmpty()) {
            segments.add(new MaskSegment(id, id, resolution.masks()));
        }
        trees.add(new TableTree(id, 0, entries, segments));
        rowCounts.add(rowCounts.get(rowCounts.size() - 1)
                + resolution.counts().inserted()
                - resolution.counts().deleted());
        digests.add(digests.get(digests.size() - 1)
                .plus(resolution.counts().insertedKeys())
                .minus(resolution.counts().deletedKeys()));
    }

    /** Publishes a tree of one file that shows what the newest one shows; of a table (id, v). */
    void compactAll() throws IOException {
        List<Change> changes = new ArrayList<>();
        rows().forEach((id, v) -> changes.add(Change.put(id, v)));
        long id = head() + 1;
        List<FileEntry> entries = new ArrayList<>();
        for (DataFile file : flush(0, 0, changes).files()) {
            entries.add(new FileEntry(file, id, id, 0));
        }
        trees.add(new TableTree(id, 0, entries, List.of()));
        rowCounts.add(countedRows());
        digests.add(summedDigest());
    }

    /** Rows of the newest snapshot as its commits counted them. */
    long countedRows() {
        return rowCounts.get(rowCounts.size() - 1);
    }

    /** Digest of the newest snapshot as its commits summed it. */
    KeyDigest summedDigest() {
        return digests.get(digests.size() - 1);
    }

    /** Digest of the keys of a table with one BIGINT key column. */
    static KeyDigest digestOf(Collection<Long> keys) {
        long[] longs = keys.stream().mapToLong(k -> k).toArray();
        return KeyColumn.ofLongs(1, longs.length, longs).digest(0, longs.length);
    }

    /** Visible rows of the newest snapshot by first column; fails if a key is visible twice. */
    TreeMap<Long, Object> rows() throws IOException {
        TreeMap<Long, Object> out = new TreeMap<>();
        LakeView view = view();
        for (FileEntry e : view.files()) {
            List<Row> rows = rows(e.file());
            for (int i = 0; i < rows.size(); i++) {
                if (view.isVisible(e.file().object().id(), i)) {
                    Row row = rows.get(i);
                    if (out.containsKey(row.value(0))) {
                        throw new AssertionError("key " + row.value(0) + " is visible twice");
                    }
                    out.put((Long) row.value(0), row.value(1));
                }
            }
        }
        return out;
    }

    /** All rows of a file by position. */
    List<Row> rows(DataFile file) throws IOException {
        List<Row> out = new ArrayList<>();
        int[] all = IntStream.range(0, schema.fields().size()).toArray();
        try (ColumnFileReader in = ColumnFiles.reader(store, file, schema.fields(), all, 0, file.rowCount())) {
            for (ColumnBatch b = in.next(); b != null; b = in.next()) {
                for (int i = 0; i < b.rowCount(); i++) {
                    out.add(RowReader.row(b, schema.fields(), i));
                }
            }
        }
        return out;
    }
}
