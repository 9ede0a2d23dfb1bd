package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.BackgroundMerges;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.PublishStats;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCounts;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a commit writes, counted by the store on the committing thread, beside compaction, expiry and merges. */
class ObjectsPerCommitTest {
    private static final TableName NAME = TableName.of("shop", "stock");
    private static final int COMMITS = 60;
    private static final int KEYS = 18_000;
    private static final int ROWS = 3_000;
    private static final List<String> KINDS = List.of("data", "mask", "manifest", "snapshot");
    private static final String BESIDE = " beside";

    private final RandomGenerator random = Seeds.random(1);
    private final TreeMap<Long, Long> model = new TreeMap<>();
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final Thread committing = Thread.currentThread();

    @Racing
    void compactionExpiryAndMergesAddNoObjectToACommit() throws Exception {
        run(true);
    }

    @Test
    void aCommitThatMergesByItselfIsFoundOut() {
        AssertionError error = assertThrows(AssertionError.class, () -> run(false));
        assertTrue(error.getMessage().contains("mask objects"), error.getMessage());
    }

    private CountingObjectStore counting(ObjectStore store) {
        return CountingObjectStore.byKind(store, path -> {
            String inTable = path.startsWith("shop.db/stock/") ? path.substring("shop.db/stock/".length()) : "other/";
            // the hint decides nothing and is written every 10 s at most
            String kind = inTable.contains("hint") ? "hint" : inTable.substring(0, Math.max(0, inTable.indexOf('/')));
            return Thread.currentThread() == committing ? kind : kind + BESIDE;
        });
    }

    private Components components(ObjectStore store) {
        return new Components(store, clock, new SeededIds(random.nextLong()), Seeds.random(1), Runnable::run);
    }

    private static TableSchema schema() {
        return TableSchema.create(
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true)),
                List.of("id"),
                List.of(),
                List.of(),
                2,
                Map.of("snapshot.time-retained", "5 s", "snapshot.num-retained.min", "3"));
    }

    private void run(boolean mergesBeside) throws Exception {
        CountingObjectStore store = counting(ObjectStores.memory());
        Catalog catalog = Catalogs.open(components(store));
        catalog.createDatabase(NAME.database(), true);
        Table table = catalog.createTable(NAME, schema());
        Table beside = Catalogs.open(components(store)).table(NAME);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        ReentrantLock lock = new ReentrantLock();
        long expired = 0;
        try (TableWriter writer = TableWriter.open(table, CommitUser.named("job"));
                BackgroundMerges merges = new BackgroundMerges(table.snapshots().merges(), thread, e -> {
                    throw new AssertionError(e);
                });
                BackgroundCompaction compaction = new BackgroundCompaction(
                        TableCompactor.open(beside, CompactionSettings.of(beside.schema())),
                        thread,
                        lock,
                        CompactionListener.NONE)) {
            SnapshotExpiry expiry = beside.expiry();
            for (int n = 1; n <= COMMITS; n++) {
                clock.advance(Duration.ofSeconds(2));
                write(writer);
                StoreCounts before = store.counts();
                long spilled = table.snapshots().stats().manifestsSpilled();
                writer.commit(n);
                StoreCounts after = store.counts();
                spilled = table.snapshots().stats().manifestsSpilled() - spilled;
                check(n, before, after, spilled);
                Snapshot head = table.snapshots().latest().orElseThrow();
                compaction.afterCommit(head);
                if (mergesBeside) {
                    merges.afterCommit(head);
                }
                expired += thread.submit(() -> expiry.runIfDue().expired()).get();
            }
            checkRows(table);
            PublishStats stats = table.snapshots().stats();
            System.out.println(
                    "ObjectsPerCommitTest: " + stats + ", " + compaction.report() + ", " + expired + " expired");
            assertTrue(compaction.report().published() >= 5, compaction.report().toString());
            assertEquals(0, compaction.failures());
            assertTrue(expired >= 20, expired + " snapshots expired");
            assertTrue(stats.mergesTakenIn() >= 5, stats.toString());
            assertEquals(0, stats.segmentsMerged() + stats.manifestsMerged(), stats.toString());
            assertTrue(store.counts().puts("mask" + BESIDE) >= 5, store.counts().toString());
        } finally {
            thread.shutdownNow();
        }
    }

    private void write(TableWriter writer) throws Exception {
        for (int i = 0; i < ROWS; i++) {
            long key = random.nextInt(KEYS);
            if (random.nextInt(10) == 0) {
                writer.write(RowKind.DELETE, Row.of(key, null));
                model.remove(key);
            } else {
                long value = random.nextLong();
                writer.write(RowKind.INSERT, Row.of(key, value));
                model.put(key, value);
            }
        }
    }

    /** One data file, the snapshot, a manifest if the tail was full; masks and deletes of a commit fit the snapshot. */
    private static void check(int commit, StoreCounts before, StoreCounts after, long spilled) {
        Map<String, Long> most = Map.of("data", 1L, "mask", 0L, "manifest", spilled, "snapshot", 1L);
        for (String kind : KINDS) {
            long made = after.puts(kind) - before.puts(kind);
            if (made > most.get(kind)) {
                throw new AssertionError("commit %d made %d %s objects, at most %d are its own"
                        .formatted(commit, made, kind, most.get(kind)));
            }
        }
    }

    private void checkRows(Table table) throws Exception {
        TreeMap<Long, Long> rows = new TreeMap<>();
        try (BatchScan scan = TableScan.of(table).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    Row row = RowReader.row(b, scan.columns(), b.position(i));
                    rows.put((Long) row.value(0), (Long) row.value(1));
                }
            }
        }
        assertEquals(model, rows);
        assertEquals(
                model.size(), table.snapshots().latest().orElseThrow().totals().rowCount());
    }
}
