package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WriteAndCommitTest {
    private static final List<Field> FIELDS =
            List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));

    private final ObjectStore store = ObjectStores.memory();

    private Catalog catalog() {
        return Catalogs.open(Components.system(store));
    }

    private Table table() throws Exception {
        Catalog catalog = catalog();
        catalog.createDatabase("db", true);
        TableSchema schema = TableSchema.create(FIELDS, List.of("id"), List.of(), List.of(), 4, Map.of());
        return catalog.createTable(TableName.of("db", "t"), schema);
    }

    /** Visible rows, read file by file; fails if a key is visible twice. */
    static TreeMap<Long, Long> rows(Table table, Snapshot snapshot) throws Exception {
        TreeMap<Long, Long> out = new TreeMap<>();
        LakeView view = LakeView.of(table.snapshots().tree(snapshot));
        for (FileEntry e : view.files()) {
            try (ColumnFileReader in = ColumnFiles.reader(
                    table.components().store(),
                    e.file(),
                    table.schema().fields(),
                    new int[] {0, 1},
                    0,
                    e.file().rowCount())) {
                for (ColumnBatch b = in.next(); b != null; b = in.next()) {
                    for (int i = 0; i < b.rowCount(); i++) {
                        if (view.isVisible(e.file().object().id(), in.batchStart() + i)) {
                            long key = ((ColumnVector.Longs) b.column(0)).values()[i];
                            Long old = out.put(key, ((ColumnVector.Longs) b.column(1)).values()[i]);
                            assertEquals(null, old, "key " + key + " is visible twice");
                        }
                    }
                }
            }
        }
        return out;
    }

    static void check(Table table, TreeMap<Long, Long> model) throws Exception {
        Snapshot head = table.snapshots().latest().orElseThrow();
        assertEquals(model, rows(table, head));
        assertEquals(model.size(), head.totals().rowCount());
        long[] keys = model.keySet().stream().mapToLong(k -> k).toArray();
        KeyDigest digest = KeyColumn.ofLongs(1, keys.length, keys).digest(0, keys.length);
        assertEquals(digest, head.totals().digest());
    }

    @Test
    void twoWritersOnOneTableEqualTheModelAfterEveryCommit() throws Exception {
        Random random = new Random(Seeds.of("two-writers"));
        Table first = table();
        Table second = catalog().table(TableName.of("db", "t"));
        TreeMap<Long, Long> model = new TreeMap<>();
        long value = 0;
        try (TableWriter a = TableWriter.open(first, CommitUser.fresh());
                TableWriter b = TableWriter.open(second, CommitUser.fresh())) {
            for (int commit = 1; commit <= 60; commit++) {
                TableWriter writer = random.nextBoolean() ? a : b;
                int n = 1 + random.nextInt(30);
                for (int i = 0; i < n; i++) {
                    long key = random.nextInt(40);
                    if (random.nextInt(3) == 0) {
                        writer.write(RowKind.DELETE, Row.of(key, null));
                        model.remove(key);
                    } else {
                        writer.write(RowKind.INSERT, Row.of(key, ++value));
                        model.put(key, value);
                    }
                }
                assertInstanceOf(CommitOutcome.Committed.class, writer.commit(commit));
                check(first, model);
            }
        }
        assertTrue(value > 100);
    }

    @Test
    void aReopenedUserWithoutStateIsRefusedAndWithStateGoesOn() throws Exception {
        Table table = table();
        byte[] state;
        try (TableWriter w = TableWriter.open(table, CommitUser.named("loader"))) {
            w.write(RowKind.INSERT, Row.of(1L, 1L));
            w.commit(1);
            state = w.state();
        }
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> TableWriter.open(table, CommitUser.named("loader")));
        assertEquals(ErrorCode.OLDER_SAVEPOINT, e.code());
        try (TableWriter w = TableWriter.open(table, state)) {
            w.write(RowKind.INSERT, Row.of(2L, 2L));
            w.commit(2);
        }
        check(table, new TreeMap<>(Map.of(1L, 1L, 2L, 2L)));
    }

    @Test
    void aNullInTheKeyIsRefusedAndTheWriterGoesOn() throws Exception {
        Table table = table();
        try (TableWriter w = TableWriter.open(table, CommitUser.fresh())) {
            StreamhouseException e =
                    assertThrows(StreamhouseException.class, () -> w.write(RowKind.INSERT, Row.of(null, 1L)));
            assertEquals(ErrorCode.NULL_KEY, e.code());
            w.write(RowKind.INSERT, Row.of(3L, 3L));
            w.commit(1);
        }
        check(table, new TreeMap<>(Map.of(3L, 3L)));
    }

    @Test
    void aSmallBufferSpillsToDiskAndGivesTheSameTable() throws Exception {
        Random random = new Random(Seeds.of("spill"));
        Table table = table();
        TreeMap<Long, Long> model = new TreeMap<>();
        java.nio.file.Path directory = java.nio.file.Files.createTempDirectory("spill");
        CommitTimeline timeline =
                CommitTimeline.fresh(CommitUser.fresh(), table.components().ids());
        timeline.fence(table.snapshots(), 0, io.streamhouse.spec.option.OlderSavepoint.REFUSE);
        int spilled = 0;
        try (TableWriter writer = TableWriter.forEngine(
                        table, new WriterSettings(0, 1, new io.streamhouse.spec.option.DataSize(20_000), directory));
                TableCommitter committer = TableCommitter.open(table)) {
            for (int commit = 1; commit <= 4; commit++) {
                for (int i = 0; i < 8000; i++) {
                    long key = random.nextInt(3000);
                    if (random.nextInt(4) == 0) {
                        writer.write(RowKind.DELETE, Row.of(key, null));
                        model.remove(key);
                    } else {
                        writer.write(RowKind.INSERT, Row.of(key, (long) i * commit));
                        model.put(key, (long) i * commit);
                    }
                }
                spilled += writer.spilledRuns();
                var delta = timeline.next(
                        commit,
                        java.util.OptionalLong.empty(),
                        List.of(writer.flush().orElseThrow()),
                        false);
                assertInstanceOf(CommitOutcome.Committed.class, committer.commit(delta));
                check(table, model);
            }
        }
        assertTrue(spilled >= 8, "spilled runs: " + spilled);
        try (var left = java.nio.file.Files.list(directory)) {
            assertEquals(0, left.filter(p -> p.toString().endsWith(".spill")).count());
        }
    }
}
