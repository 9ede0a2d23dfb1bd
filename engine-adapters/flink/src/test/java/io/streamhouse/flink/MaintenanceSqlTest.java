package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.flink.sink.SinkHooks;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streaming jobs compact their table and let its snapshots expire, beside their commits. */
class MaintenanceSqlTest {
    private static final int KEYS = 600;
    private static final Map<String, String> CHECKPOINTS = Map.of("execution.checkpointing.interval", "50 ms");

    @TempDir
    Path warehouse;

    private final RandomGenerator random = Seeds.random(1);
    private final TreeMap<Integer, Integer> model = new TreeMap<>();
    private SqlSession sql;
    private SinkHooks hooks;
    private JavaTable source;
    private JavaTable target;
    private JobClient job;

    @BeforeEach
    void open() throws IOException {
        hooks = SinkHooks.install();
        sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE src (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '2')");
        source = new JavaTable(warehouse, "src");
    }

    @AfterEach
    void close() throws Exception {
        if (job != null) {
            Jobs.cancel(job);
        }
        hooks.close();
        source.close();
        if (target != null) {
            target.close();
        }
    }

    private void target(String options) throws IOException {
        sql.run("CREATE TABLE dst (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '2'" + options + ")");
        target = new JavaTable(warehouse, "dst");
    }

    private JobClient copy(String hint) {
        job = Jobs.of(sql.stream(2, CHECKPOINTS).executeSql("INSERT INTO dst " + hint + " SELECT * FROM src"));
        return job;
    }

    private List<String> expected() {
        return model.entrySet().stream()
                .map(e -> "(" + e.getKey() + ", " + e.getValue() + ")")
                .sorted()
                .toList();
    }

    /** Commits changes of the source and waits until the job has committed them. */
    private void feed(int commits) throws Exception {
        for (int c = 0; c < commits; c++) {
            for (int i = 0; i < 12; i++) {
                int key = random.nextInt(KEYS);
                if (random.nextInt(4) == 0) {
                    source.delete(key, null);
                    model.remove(key);
                } else {
                    int value = random.nextInt(1_000_000);
                    source.insert(key, value);
                    model.put(key, value);
                }
            }
            source.commit();
            Jobs.await("the target has the rows of commit " + c, job, () -> target.texts()
                    .equals(expected()));
        }
    }

    private long snapshots(SnapshotKind kind) throws IOException {
        return target.table().snapshots().list(1, Long.MAX_VALUE).stream()
                .filter(s -> s.kind() == kind)
                .count();
    }

    private long snapshotObjects() throws IOException {
        try (Stream<Path> all = Files.list(warehouse.resolve("default.db/dst/snapshot"))) {
            return all.count();
        }
    }

    private int files() throws IOException {
        Snapshot head = target.table().snapshots().latest().orElseThrow();
        return target.table().snapshots().files(head).size();
    }

    /** The changes of all commits, applied one after another. */
    private List<String> replayed() {
        TreeMap<Object, String> rows = new TreeMap<>();
        for (Row row : SqlSession.rows(sql.stream(1, Map.of())
                .executeSql("SELECT * FROM dst /*+ OPTIONS('scan.mode' = 'earliest', 'scan.bounded' = 'latest') */"))) {
            Object key = row.getField(0);
            String text = "(" + key + ", " + row.getField(1) + ")";
            if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                assertEquals(null, rows.put(key, text), row + " is inserted over another");
            } else {
                assertEquals(text, rows.remove(key), row + " takes away what is not there");
            }
        }
        return rows.values().stream().sorted().toList();
    }

    private static long maintenanceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("streamhouse-maintenance-"))
                .count();
    }

    private static OpenTable open(TableAddress address, UnaryOperator<ObjectStore> world, InstantSource clock)
            throws IOException {
        Components system = Components.system(world.apply(ObjectStores.open(URI.create(address.warehouse()))));
        Catalog catalog =
                Catalogs.open(new Components(system.store(), clock, system.ids(), system.random(), system.executor()));
        return new OpenTable(catalog, catalog.table(address.name()));
    }

    /** Rows that a running subscription has built up; a change that does not fit what is there ends it. */
    private static final class Subscriber implements Runnable {
        private final TableResult result;
        private final TreeMap<Object, String> rows = new TreeMap<>();
        private volatile Throwable failure;

        Subscriber(TableResult result) {
            this.result = result;
        }

        @Override
        @SuppressWarnings("try") // Flink declares close() with Exception
        public void run() {
            try (CloseableIterator<Row> changes = result.collect()) {
                while (changes.hasNext()) {
                    apply(changes.next());
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        private synchronized void apply(Row row) {
            Object key = row.getField(0);
            String text = "(" + key + ", " + row.getField(1) + ")";
            if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                assertEquals(null, rows.put(key, text), row + " is inserted over another");
            } else {
                assertEquals(text, rows.remove(key), row + " takes away what is not there");
            }
        }

        synchronized List<String> texts() {
            if (failure != null && failure instanceof AssertionError e) {
                throw e;
            }
            return rows.values().stream().sorted().toList();
        }
    }

    /** Notes snapshots before they expire. */
    private void note(TreeMap<Long, Snapshot> seen) throws IOException {
        long from = seen.isEmpty() ? 1 : seen.lastKey() + 1;
        target.table().snapshots().list(from, Long.MAX_VALUE).forEach(s -> seen.put(s.id(), s));
    }

    /** Compactions change neither count nor digest; returns how many there were. */
    private static long checkCompactions(TreeMap<Long, Snapshot> seen) {
        long compactions = 0;
        for (Snapshot s : seen.values()) {
            Snapshot before = seen.get(s.id() - 1);
            if (s.kind() == SnapshotKind.COMPACT && before != null) {
                assertEquals(before.totals().rowCount(), s.totals().rowCount());
                assertEquals(before.totals().digest(), s.totals().digest());
                compactions++;
            }
        }
        return compactions;
    }

    @Test
    void subscriberStaysExactBesideCommitsCompactionAndExpiry() throws Exception {
        target(", 'snapshot.time-retained' = '0 ms', 'snapshot.num-retained.min' = '3'");
        long start = System.currentTimeMillis();
        InstantSource fast = () -> Instant.ofEpochMilli(start + (System.currentTimeMillis() - start) * 200);
        // a minute of grace is 300 ms
        hooks.openForMaintenance(address -> open(address, s -> s, fast));
        copy("");
        TableResult changes =
                sql.stream(2, Map.of()).executeSql("SELECT * FROM dst /*+ OPTIONS('changelog.shape' = 'full') */");
        JobClient reading = Jobs.of(changes);
        Subscriber subscriber = new Subscriber(changes);
        Thread thread = new Thread(subscriber, "subscriber");
        thread.start();
        TreeMap<Long, Snapshot> seen = new TreeMap<>();
        int most = 0;
        for (int round = 0; round < 14; round++) {
            feed(5);
            note(seen);
            most = Math.max(most, files());
        }
        Jobs.await(
                "the subscriber has it all", reading, () -> subscriber.texts().equals(expected()));
        for (int more = 0; more < 60 && snapshotObjects() > target.head() - 10; more++) {
            feed(1);
            note(seen);
        }
        assertTrue(snapshotObjects() <= target.head() - 10, "records of expired snapshots are deleted");
        assertTrue(target.table().snapshots().earliestId().orElse(0) > 10);
        assertTrue(SinkCounters.gauge(job.getJobID(), "expiredSnapshots") > 10);
        Jobs.await(
                "the subscriber has it all", reading, () -> subscriber.texts().equals(expected()));
        assertTrue(checkCompactions(seen) >= 5, checkCompactions(seen) + " compactions");
        assertTrue(most <= 40, most + " files");
        assertEquals(0, SinkCounters.gauge(job.getJobID(), "expiriesFailed"));
        assertEquals(0, SinkCounters.gauge(job.getJobID(), "compactionsFailed"));
        assertEquals(JobStatus.RUNNING, job.getJobStatus().get());
        assertEquals(0, Jobs.attempts(job));
        Jobs.cancel(reading);
        thread.join();
        Jobs.cancel(job);
        assertEquals(expected(), target.texts());
        String late = SqlSession.messages(assertThrows(
                RuntimeException.class, () -> sql.query("SELECT * FROM dst /*+ OPTIONS('scan.snapshot-id' = '2') */")));
        assertTrue(late.contains("SNAPSHOT_EXPIRED"), late);
        assertTrue(late.contains("the earliest that can be read is "), late);
    }

    @Test
    void jobKeepsFewFilesAndItsChangelogStaysExact() throws Exception {
        target("");
        CountingObjectStore[] stores = new CountingObjectStore[2];
        hooks.openForCommits(address -> open(address, s -> stores[0] = count(s), InstantSource.system()));
        hooks.openForMaintenance(address -> open(address, s -> stores[1] = count(s), InstantSource.system()));
        copy("");
        int most = 0;
        for (int round = 0; round < 12; round++) {
            feed(5);
            most = Math.max(most, files());
        }
        Jobs.await("six compactions", job, () -> snapshots(SnapshotKind.COMPACT) >= 6);
        assertTrue(most <= 40, most + " files");
        assertEquals(0, SinkCounters.gauge(job.getJobID(), "compactionsFailed"));
        assertEquals(0, SinkCounters.gauge(job.getJobID(), "compactionsLost"));
        Jobs.cancel(job);
        Jobs.await("no thread is left", () -> maintenanceThreads() == 0);
        assertEquals(snapshots(SnapshotKind.COMPACT), SinkCounters.gauge(job.getJobID(), "compactionsPublished"));
        assertEquals(expected(), target.texts());
        assertEquals(expected(), replayed());

        long commits = SinkCounters.of(job.getJobID(), "commits");
        assertEquals(commits, stores[0].counts().puts("snapshot"));
        assertEquals(0, stores[0].counts().puts("data") + stores[0].counts().puts("mask"));
        assertTrue(stores[0].counts().puts("manifest") <= commits / 10, stores[0].counts()::toString);
        assertTrue(SinkCounters.gauge(job.getJobID(), "metadataMerges") > 0);
        assertEquals(0, SinkCounters.gauge(job.getJobID(), "metadataMergesInCommits"));
        assertEquals(snapshots(SnapshotKind.COMPACT), stores[1].counts().puts("snapshot"));
    }

    private static CountingObjectStore count(ObjectStore store) {
        String table = "default.db/dst/";
        return CountingObjectStore.byKind(store, path -> {
            String inTable = path.startsWith(table) ? path.substring(table.length()) : "outside/";
            String kind = inTable.contains("hint") ? "hint" : inTable.substring(0, Math.max(0, inTable.indexOf('/')));
            return Thread.currentThread().getName().startsWith("streamhouse-merges-") ? kind + " beside" : kind;
        });
    }

    /** Starts the job, feeds it, and returns once the data file of a rewrite waits for the gate. */
    private void jobWhoseRewriteHangs(CountDownLatch gate) throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        hooks.openForMaintenance(address -> open(
                address,
                store -> new FaultyObjectStore(store, (call, path) -> {
                    if (call == StoreCall.COMMIT && path.contains("/data/")) {
                        hangs.countDown();
                        await(gate);
                    }
                    return Optional.empty();
                }),
                InstantSource.system()));
        copy("");
        feed(10);
        Jobs.await("a rewrite hangs", job, () -> hangs.getCount() == 0);
    }

    @Test
    void commitsGoOnBesideARewriteThatHangs() throws Exception {
        target(", 'compaction.debt-limit' = '1 kb'");
        CountDownLatch gate = new CountDownLatch(1);
        jobWhoseRewriteHangs(gate);
        long before = SinkCounters.of(job.getJobID(), "commits");
        feed(20);
        assertTrue(SinkCounters.of(job.getJobID(), "commits") >= before + 20);
        assertEquals(0, snapshots(SnapshotKind.COMPACT));
        assertTrue(SinkCounters.gauge(job.getJobID(), "compactionDebtFiles") >= 8);
        assertTrue(SinkCounters.gauge(job.getJobID(), "compactionDebtBytes") > 0);
        // 20 commits behind, the writers go on, more slowly
        feed(3);
        assertTrue(SinkCounters.gauge(job.getJobID(), "throttledMillis") > 0);
        gate.countDown();
        Jobs.await("the rewrite is published", job, () -> snapshots(SnapshotKind.COMPACT) > 0);
        feed(3);
        Jobs.cancel(job);
        assertEquals(expected(), replayed());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endOfTheJobEndsARewriteThatHangs() throws Exception {
        target("");
        CountDownLatch gate = new CountDownLatch(1);
        jobWhoseRewriteHangs(gate);
        assertEquals(1, maintenanceThreads());
        Jobs.cancel(job);
        Jobs.await("no thread is left", () -> maintenanceThreads() == 0);
        assertEquals(0, snapshots(SnapshotKind.COMPACT));
        assertEquals(expected(), target.texts());
    }

    @Test
    void compactionsThatFailAreCountedAndNeverFailTheJob() throws Exception {
        target("");
        hooks.openForMaintenance(address -> open(
                address,
                store -> new FaultyObjectStore(
                        store,
                        (call, path) -> call == StoreCall.COMMIT && path.contains("/data/")
                                ? Optional.of(Fault.ERROR_BEFORE)
                                : Optional.empty()),
                InstantSource.system()));
        copy("");
        feed(15);
        Jobs.await("a compaction failed", job, () -> SinkCounters.gauge(job.getJobID(), "compactionsFailed") > 0);
        feed(3);
        assertEquals(JobStatus.RUNNING, job.getJobStatus().get());
        assertEquals(0, Jobs.attempts(job));
        assertEquals(0, snapshots(SnapshotKind.COMPACT));
        Jobs.cancel(job);
    }

    @Test
    void writeOnlyJobLeavesItToOthers() throws Exception {
        target(", 'snapshot.time-retained' = '0 ms', 'snapshot.num-retained.min' = '1'");
        hooks.openForMaintenance(address -> {
            throw new AssertionError("maintenance of " + address);
        });
        copy("/*+ OPTIONS('write-only' = 'true') */");
        feed(12);
        assertEquals(0, maintenanceThreads());
        Jobs.cancel(job);
        assertEquals(0, snapshots(SnapshotKind.COMPACT));
        assertEquals(1, target.table().snapshots().earliestId().orElseThrow());
    }
}
