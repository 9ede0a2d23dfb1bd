package io.streamhouse.cli.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stand-alone compactor beside a writer that does not wait for it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompactionRunTest {
    private static final TableName NAME = TableName.of("shop", "stock");
    private static final int KEYS = 400;
    /** A compaction yields after so many lost races. */
    private static final int TRIES = 10;

    @TempDir
    Path directory;

    /** The racing writer and what it has written, as a map. One thread. */
    private static final class Writer implements AutoCloseable {
        private final TableWriter writer;
        private final RandomGenerator random = Seeds.random(Seeds.of("CompactionRunTest"));
        private final TreeMap<Long, String> model = new TreeMap<>();
        private long commits;

        Writer(Table table) throws IOException {
            writer = TableWriter.open(table, CommitUser.fresh());
        }

        void commit() throws IOException {
            commits++;
            for (int i = 0; i < 20; i++) {
                long id = random.nextInt(KEYS);
                if (random.nextInt(4) == 0) {
                    writer.write(RowKind.DELETE, Row.of(id, null));
                    model.remove(id);
                } else {
                    String text = "v" + commits + "-" + i;
                    writer.write(RowKind.INSERT, Row.of(id, text));
                    model.put(id, text);
                }
            }
            writer.commit(commits);
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    private static Table create(ObjectStore store) throws IOException {
        Catalog catalog = Catalogs.open(Components.system(store));
        catalog.createDatabase(NAME.database(), true);
        List<Field> columns =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "text", DataType.string(), true));
        return catalog.createTable(NAME, TableSchema.create(columns, List.of("id"), List.of(), List.of(), 3, Map.of()));
    }

    private static Table open(ObjectStore store) throws IOException {
        return Catalogs.open(Components.system(store)).table(NAME);
    }

    /** Runs the command's work; its report. */
    private static JsonNode compact(Table table, TableCompactor.Rules rules) throws IOException {
        StringWriter out = new StringWriter();
        Progress silent = new Progress(new PrintWriter(new StringWriter()), false);
        new CompactionRun(table, silent, new PrintWriter(out), rules).run(true);
        return new ObjectMapper().readTree(out.toString());
    }

    /** A writer that commits right before each of the first {@code races} snapshots of the compactor. */
    private record Race(JsonNode report, Table table, NavigableMap<Long, String> model) {
        static Race of(int races, TableCompactor.Rules rules) throws IOException {
            ObjectStore store = ObjectStores.memory();
            Table table = create(store);
            try (Writer writer = new Writer(table)) {
                for (int i = 0; i < 24; i++) {
                    writer.commit();
                }
                AtomicInteger left = new AtomicInteger(races);
                Table beside = open(new FaultyObjectStore(store, (call, path) -> {
                    if (call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/") && left.getAndDecrement() > 0) {
                        try {
                            writer.commit();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                    return Optional.empty();
                }));
                return new Race(compact(beside, rules), table, writer.model);
            }
        }
    }

    private static NavigableMap<Long, String> rows(Table table, long snapshot) throws IOException {
        TreeMap<Long, String> rows = new TreeMap<>();
        try (BatchScan scan = TableScan.of(table).snapshot(snapshot).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    Row row = RowReader.row(batch, scan.columns(), batch.position(i));
                    assertEquals(null, rows.put((Long) row.value(0), (String) row.value(1)), "twice: " + row);
                }
            }
        }
        return rows;
    }

    private static NavigableMap<Long, String> foldedChanges(Table table) throws IOException {
        TreeMap<Long, String> rows = new TreeMap<>();
        try (ChangelogReader reader =
                Changelog.of(table).from(Start.earliest()).until(Bound.latest()).open()) {
            while (!reader.isFinished()) {
                ChangeBatch batch = reader.poll(Duration.ofSeconds(10));
                for (int pass = 0; batch != null && pass < 2; pass++) { // what goes, then what comes
                    for (int i = 0; i < batch.rowCount(); i++) {
                        Row row = RowReader.row(batch.rows(), reader.columns(), i);
                        RowKind kind = RowKind.of(batch.kinds()[i]);
                        boolean comes = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
                        if (pass == 0 && !comes) {
                            assertEquals(row.value(1), rows.remove((Long) row.value(0)), "at " + batch.snapshotId());
                        } else if (pass == 1 && comes) {
                            rows.put((Long) row.value(0), (String) row.value(1));
                        }
                    }
                }
            }
        }
        return rows;
    }

    /** Table, count and changelog are what the writer wrote, and each compaction kept count and digest as they were. */
    private static void check(Table table, NavigableMap<Long, String> model) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        assertEquals(model, rows(table, head.id()));
        assertEquals(model.size(), head.totals().rowCount());
        assertEquals(model, foldedChanges(table));
        for (Snapshot snapshot : table.snapshots().list(2, head.id())) {
            if (snapshot.kind() == SnapshotKind.COMPACT) {
                Snapshot before = table.snapshots().snapshot(snapshot.id() - 1);
                assertEquals(before.totals().rowCount(), snapshot.totals().rowCount());
                assertEquals(before.totals().digest(), snapshot.totals().digest());
                assertEquals(rows(table, before.id()), rows(table, snapshot.id()));
            }
        }
    }

    @Test
    void aCompactionThatLosesAllItsRacesYieldsAndTheNextOneTakesTheMasksAlong() throws IOException {
        Race race = Race.of(TRIES + 4, TableCompactor.Rules.ALL);
        assertEquals(1, race.report().get("lost").asInt(), race.report().toString());
        assertEquals(1, race.report().get("published").asInt(), race.report().toString());
        assertTrue(
                race.report().get("translated_positions").asLong() > 0,
                race.report().toString());
        assertEquals(0, race.report().get("left_files").asInt());
        assertTrue(race.report().get("after").get("files").asLong()
                < race.report().get("before").get("files").asLong());
        check(race.table(), race.model());
        Set<String> named = new HashSet<>();
        Snapshot head = race.table().snapshots().latest().orElseThrow();
        for (long id = 1; id <= head.id(); id++) {
            race.table()
                    .snapshots()
                    .tree(race.table().snapshots().snapshot(id))
                    .entries()
                    .forEach(entry -> named.add(entry.file().object().path()));
        }
        race.table()
                .components()
                .store()
                .list("data")
                .forEach(object -> assertTrue(named.contains(object.path()), "left behind: " + object.path()));
    }

    @Test
    void afterThreeLostTasksTheRestIsLeftToTheOthers() throws IOException {
        Race race = Race.of(Integer.MAX_VALUE, TableCompactor.Rules.ALL);
        assertEquals(3, race.report().get("lost").asInt(), race.report().toString());
        assertEquals(0, race.report().get("published").asInt());
        assertTrue(race.report().get("left_files").asInt() > 8, race.report().toString());
        check(race.table(), race.model());
    }

    /** Without the translation of masks, rows that were replaced while the compactor worked come back. */
    @Test
    void theComparisonFindsACompactorThatForgetsWhatOthersReplaced() throws IOException {
        Race race = Race.of(4, new TableCompactor.Rules(false));
        assertEquals(1, race.report().get("published").asInt(), race.report().toString());
        Map<Long, Integer> copies = new TreeMap<>();
        Snapshot head = race.table().snapshots().latest().orElseThrow();
        try (BatchScan scan = TableScan.of(race.table()).snapshot(head.id()).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    Row row = RowReader.row(batch, scan.columns(), batch.position(i));
                    copies.merge((Long) row.value(0), 1, Integer::sum);
                }
            }
        }
        assertNotEquals(
                race.model().size(),
                copies.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** The writer makes new small files all the time; the run must come to its end nevertheless, and both be right. */
    @Racing
    void aRunBesideAWriterThatNeverStopsComesToItsEnd() throws Exception {
        Path root = directory.resolve("warehouse");
        Table table = create(ObjectStores.local(root));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch first = new CountDownLatch(30);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<NavigableMap<Long, String>> written = thread.submit(() -> {
                try (Writer writer = new Writer(table)) {
                    while (!stop.get()) {
                        writer.commit();
                        first.countDown();
                    }
                    return writer.model;
                }
            });
            first.await();
            JsonNode report;
            try {
                report = compact(open(ObjectStores.local(root)), TableCompactor.Rules.ALL);
            } finally {
                stop.set(true);
            }
            NavigableMap<Long, String> model = written.get();
            assertTrue(report.get("published").asInt() + report.get("lost").asInt() > 0, report.toString());
            check(table, model);
        } finally {
            stop.set(true);
            thread.shutdown();
        }
    }
}
