package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.flink.StatementJudge.Change;
import io.streamhouse.flink.sink.SinkHooks;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.RowDeltaCommitter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UPDATE and DELETE beside others who change the same table, and attempts of theirs that come to nothing. */
class StatementRaceSqlTest {
    private static final long WAIT_SECONDS = Long.getLong("streamhouse.test.wait", 180);
    private static final int KEYS = 200;
    private static final int HOT = KEYS * 3 / 10;
    private static final long PACE_NANOS = 20_000_000L;

    @TempDir
    Path warehouse;

    private final SinkHooks hooks = SinkHooks.install();
    private final AtomicLong values = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong translated = new AtomicLong();

    private SqlSession sql;

    @BeforeEach
    void open() throws Exception {
        sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE t (k INT, n BIGINT, v STRING, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '3')");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            for (int k = 0; k < KEYS; k++) {
                insert(t, k);
                if (k == KEYS / 2) {
                    t.commit();
                }
            }
            t.commit();
        }
    }

    @AfterEach
    void letGo() throws Exception {
        done.set(true);
        hooks.close();
        HeldLeases.awaitNone(warehouse);
    }

    private void insert(JavaTable t, int key) throws Exception {
        t.insert(key, 0L, "v" + values.incrementAndGet());
    }

    private <T> T withTable(TableCall<T> call) throws Exception {
        return withTable("t", call);
    }

    private <T> T withTable(String name, TableCall<T> call) throws Exception {
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            return call.run(catalog.table(TableName.of("default", name)));
        }
    }

    @FunctionalInterface
    private interface TableCall<T> {
        T run(Table table) throws Exception;
    }

    private static Set<UUID> files(Table table) throws Exception {
        Set<UUID> out = new HashSet<>();
        table.snapshots()
                .tree(table.snapshots().latest().orElseThrow())
                .entries()
                .forEach(e -> out.add(e.file().object().id()));
        return out;
    }

    private Callable<Void> writer(long seed, boolean deletes) {
        return () -> {
            RandomGenerator random = Seeds.random(seed);
            try (JavaTable t = new JavaTable(warehouse, "t")) {
                while (!done.get()) {
                    for (int i = 0; i < 6; i++) {
                        int key = random.nextInt(HOT);
                        if (deletes && random.nextInt(3) > 0) {
                            t.delete(key, null, null);
                        } else {
                            insert(t, key);
                        }
                    }
                    t.commit();
                    LockSupport.parkNanos(PACE_NANOS);
                }
            }
            return null;
        };
    }

    /** Merges all files again and again; between rewriting and publishing it lets others change the rows. */
    private Callable<Void> compactor() {
        return () -> withTable(table -> {
            try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
                while (!done.get()) {
                    Optional<Compaction> task = compactor.plan(files(table));
                    if (task.isPresent()) {
                        var result = compactor.rewrite(task.get());
                        Jobs.await(
                                "others commit",
                                () -> done.get() || head(table) > task.get().base() + 2);
                        if (compactor.publish(result) instanceof CompactionOutcome.Published p) {
                            translated.addAndGet(p.translatedPositions());
                        }
                    }
                    LockSupport.parkNanos(3 * PACE_NANOS);
                }
            }
            return null;
        });
    }

    private static long head(Table table) throws Exception {
        return table.snapshots().latest().orElseThrow().id();
    }

    /** Until both others have changed rows after the statement read them, and a compaction has moved the rest. */
    private void waitForTheOthers() {
        try {
            withTable(table -> {
                long from = head(table);
                Jobs.await("appends and a compaction are published", () -> {
                    int appends = 0;
                    int compactions = 0;
                    for (long id = from + 1; id <= head(table); id++) {
                        Snapshot s = table.snapshots().snapshot(id);
                        appends += s.kind() == SnapshotKind.APPEND ? 1 : 0;
                        compactions += s.kind() == SnapshotKind.COMPACT ? 1 : 0;
                    }
                    return appends >= 2 && compactions >= 1;
                });
                return null;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Racing
    void statementsChangeExactlyTheRowsThatNobodyChangedSinceTheyReadThem() throws Exception {
        long seed = Seeds.of("statement-race");
        hooks.beforeCommit((table, identifier) -> waitForTheOthers());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Change> changes = new ArrayList<>();
        try {
            List<Future<Void>> others = List.of(
                    threads.submit(writer(seed + 1, false)),
                    threads.submit(writer(seed + 2, true)),
                    threads.submit(compactor()));
            for (int i = 0; i < 4; i++) {
                int third = i % 3;
                sql.run("UPDATE t SET n = n + 1, v = v || '*' WHERE MOD(k, 3) <> " + third);
                changes.add(new Change(k -> k % 3 != third, false));
            }
            sql.run("DELETE FROM t WHERE MOD(k, 7) = 0");
            changes.add(new Change(k -> k % 7 == 0, true));
            done.set(true);
            for (Future<Void> f : others) {
                join(f);
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        withTable(table -> {
            StatementJudge judge = new StatementJudge(table);
            judge.judge(changes);
            System.out.printf(
                    "statement-race: %d rows replaced, %d skipped, %d statements over a compaction, %d masks translated,"
                            + " %d snapshots%n",
                    judge.replaced, judge.skipped, judge.overCompactions, translated.get(), head(table));
            assertTrue(judge.skipped > 0 && judge.replaced > judge.skipped, "rows skipped and replaced");
            assertEquals(changes.size(), judge.overCompactions, "statements whose rows were moved");
            assertTrue(translated.get() > 0, "masks that compactions translated");
            assertEquals(judge.rows(head(table)).toString(), replayed().toString(), "what a subscriber has");
            return null;
        });
    }

    private static void join(Future<?> thread) throws Exception {
        try {
            thread.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** The table as somebody has it who applied every change since the first snapshot; fails if one does not fit. */
    private TreeMap<Integer, io.streamhouse.spec.Row> replayed() {
        TreeMap<Integer, io.streamhouse.spec.Row> rows = new TreeMap<>();
        int before = 0;
        int after = 0;
        for (Row change : SqlSession.rows(sql.stream(1, Map.of())
                .executeSql("SELECT * FROM t /*+ OPTIONS('changelog.shape' = 'full', 'scan.mode' = 'earliest',"
                        + " 'scan.bounded' = 'latest') */"))) {
            Integer key = (Integer) change.getField(0);
            var row = io.streamhouse.spec.Row.of(key, change.getField(1), change.getField(2));
            if (change.getKind() == RowKind.UPDATE_BEFORE || change.getKind() == RowKind.DELETE) {
                assertEquals(row, rows.remove(key), "the row that a change takes away");
            } else {
                assertEquals(null, rows.put(key, row), "the row that stands where one is put");
            }
            before += change.getKind() == RowKind.UPDATE_BEFORE ? 1 : 0;
            after += change.getKind() == RowKind.UPDATE_AFTER ? 1 : 0;
        }
        assertEquals(before, after, "-U and +U");
        return rows;
    }

    /** Runs an UPDATE whose rows a compaction moves before it commits; judges it. */
    private void updateOverACompaction() throws Exception {
        hooks.beforeCommit((table, identifier) -> {
            try {
                withTable(StatementRaceSqlTest::compacted);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        sql.run("UPDATE t SET n = n + 1, v = v || '*' WHERE k < 20");
        withTable(table -> {
            new StatementJudge(table).judge(List.of(new Change(k -> k < 20, false)));
            return null;
        });
    }

    @Test
    void rowsThatACompactionMovedAreChangedWhereTheyAre() throws Exception {
        updateOverACompaction();
    }

    @Test
    void judgeFindsOutACommitThatDoesNotTranslatePositions() {
        hooks.rules(new RowDeltaCommitter.Rules(true, true, false));
        assertThrows(AssertionError.class, this::updateOverACompaction);
    }

    private StreamTableEnvironment restarting() {
        return TestCluster.environment(
                warehouse,
                RuntimeExecutionMode.BATCH,
                2,
                Map.of(
                        "restart-strategy.type", "fixed-delay",
                        "restart-strategy.fixed-delay.attempts", "5",
                        "restart-strategy.fixed-delay.delay", "10 ms"));
    }

    /** An UPDATE that is held before its commit while the table is rolled back; its error, if it fails. */
    private Optional<String> updateOvertakenByARollback() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        hooks.beforeCommit((table, identifier) -> {
            held.countDown();
            assertTrue(go.await(WAIT_SECONDS, TimeUnit.SECONDS), "the others have gone first");
        });
        JobClient job = Jobs.of(restarting().executeSql("UPDATE t SET n = n + 1, v = v || '*' WHERE k > 150"));
        assertTrue(held.await(WAIT_SECONDS, TimeUnit.SECONDS), "the statement is about to commit");
        sql.run("CALL sys.rollback_to('default.t', 2)");
        go.countDown();
        try {
            job.getJobExecutionResult().get(WAIT_SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            assertEquals(0, Jobs.attempts(job), "restarts");
            return Optional.of(SqlSession.messages(e));
        }
    }

    @Test
    void statementOvertakenByARollbackIsRefusedOnce() throws Exception {
        String error = updateOvertakenByARollback().orElseThrow();
        assertTrue(error.contains("WRITE_CONFLICT") && error.contains("rolled the table back"), error);
        assertEquals(
                List.of("+I[4, ROLLBACK]"),
                sql.query("SELECT snapshot_id, commit_kind FROM t$snapshots WHERE snapshot_id > 3"));
        withTable(table -> {
            StatementJudge judge = new StatementJudge(table);
            assertEquals(judge.rows(2).toString(), judge.rows(4).toString());
            return null;
        });
        // what it read stands again as a statement of its own
        hooks.beforeCommit((table, identifier) -> {});
        sql.run("UPDATE t SET n = n + 1, v = v || '*' WHERE k > 50");
        withTable(table -> {
            new StatementJudge(table).judge(List.of(new Change(k -> k > 50, false)));
            return null;
        });
    }

    @Test
    void withoutTheRefusalAStatementGoesOnOverARollback() throws Exception {
        hooks.rules(new RowDeltaCommitter.Rules(false, true, true));
        assertEquals(Optional.empty(), updateOvertakenByARollback());
    }

    @Test
    void secondAttemptOfAStatementFindsItsCommit() throws Exception {
        for (String statement : List.of(
                "UPDATE t SET n = n + 1, v = v || '*' WHERE k < 30",
                "DELETE FROM t WHERE k >= 30 AND k < 40",
                "INSERT OVERWRITE t SELECT k + 1000, n, v FROM t WHERE k < 10")) {
            AtomicBoolean first = new AtomicBoolean(true);
            hooks.afterCommit((table, identifier) -> {
                if (first.getAndSet(false)) {
                    throw new IllegalStateException("the answer is lost");
                }
            });
            JobClient job = Jobs.of(restarting().executeSql(statement));
            job.getJobExecutionResult().get(WAIT_SECONDS, TimeUnit.SECONDS);
            assertTrue(Jobs.attempts(job) > 0, "the job was restarted");
            assertEquals(1, SinkCounters.of(job.getJobID(), "commits"), statement);
            assertEquals(1, SinkCounters.of(job.getJobID(), "alreadyCommitted"), statement);
        }
        assertEquals(
                List.of("+I[4, ROW_DELTA]", "+I[5, ROW_DELTA]", "+I[6, OVERWRITE]"),
                sql.query("SELECT snapshot_id, commit_kind FROM t$snapshots WHERE snapshot_id > 3"));
        withTable(table -> {
            StatementJudge judge = new StatementJudge(table);
            judge.judge(List.of(new Change(k -> k < 30, false), new Change(k -> k >= 30 && k < 40, true)));
            assertEquals(
                    List.of(1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009),
                    List.copyOf(judge.rows(6).keySet()));
            return null;
        });
    }

    @Test
    void laterOfTwoStatementsAboutTheSameRowsIsRefused() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        hooks.beforeCommit((table, identifier) -> {
            if (first.getAndSet(false)) {
                held.countDown();
                assertTrue(go.await(WAIT_SECONDS, TimeUnit.SECONDS), "the others have gone first");
            }
        });
        JobClient job = Jobs.of(restarting().executeSql("UPDATE t SET n = n + 1, v = v || '*' WHERE k < 100"));
        assertTrue(held.await(WAIT_SECONDS, TimeUnit.SECONDS), "the statement is about to commit");
        sql.run("DELETE FROM t WHERE k >= 90");
        go.countDown();
        String error = Jobs.failure(job);
        assertTrue(error.contains("WRITE_CONFLICT") && error.contains("10 of the 100 rows"), error);
        assertEquals(0, Jobs.attempts(job), "restarts");
        withTable(table -> {
            new StatementJudge(table).judge(List.of(new Change(k -> k >= 90, true)));
            return null;
        });
    }

    @Test
    void rowsWithoutKeyAreFollowedToWhereTheyWereMovedAndLeftAloneWhereTheyWent() throws Exception {
        sql.run("CREATE TABLE w (p STRING, v INT) PARTITIONED BY (p)");
        List<String> expected = new ArrayList<>();
        try (JavaTable w = new JavaTable(warehouse, "w")) {
            for (int i = 0; i < 60; i++) {
                w.insert("p" + i % 3, i / 6);
                if (i % 20 == 19) {
                    w.commit();
                }
                if (i % 3 != 1) {
                    expected.add("+I[p" + i % 3 + ", " + (i / 6 + (i / 6 % 2 == 0 ? 100 : 0)) + "]");
                }
            }
        }
        hooks.beforeCommit((name, identifier) -> {
            try {
                withTable("w", table -> {
                    Overwrite.of(table, new Extent.Partitions(Map.of("p", "p1")))
                            .commit(Overwrite.withoutRows(table));
                    return compacted(table);
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        sql.run("UPDATE w SET v = v + 100 WHERE MOD(v, 2) = 0");
        assertEquals(expected.stream().sorted().toList(), sql.query("SELECT * FROM w"));
        withTable("w", table -> {
            Snapshot statement = table.snapshots().latest().orElseThrow();
            assertEquals(SnapshotKind.ROW_DELTA, statement.kind());
            assertEquals("20", statement.properties().get(RowDeltaCommitter.ROWS_REPLACED));
            assertEquals("10", statement.properties().get(RowDeltaCommitter.ROWS_SKIPPED));
            assertEquals(40, statement.totals().rowCount());
            assertEquals(Map.of("DELETE", 20, "INSERT", 20), kinds(table, statement.id()));
            return null;
        });
        hooks.rules(new RowDeltaCommitter.Rules(true, true, false));
        hooks.beforeCommit((name, identifier) -> {
            try {
                withTable("w", StatementRaceSqlTest::compacted);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        sql.run("UPDATE w SET v = -1");
        assertEquals(expected.stream().sorted().toList(), sql.query("SELECT * FROM w"), "nothing is found any more");
    }

    private static CompactionOutcome compacted(Table table) throws Exception {
        try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
            CompactionOutcome outcome = compactor.publish(
                    compactor.rewrite(compactor.plan(files(table)).orElseThrow()));
            assertTrue(outcome instanceof CompactionOutcome.Published, outcome::toString);
            return outcome;
        }
    }

    /** Changes of a commit by kind, in shape full. */
    private static Map<String, Integer> kinds(Table table, long snapshot) throws Exception {
        Map<String, Integer> out = new TreeMap<>();
        try (ChangelogReader reader = Changelog.of(table)
                .from(Start.fromSnapshot(snapshot))
                .until(Bound.snapshot(snapshot))
                .open()) {
            for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                for (int i = 0; i < b.rowCount(); i++) {
                    byte kind = b.kinds()[i];
                    out.merge(
                            Arrays.stream(io.streamhouse.spec.RowKind.values())
                                    .filter(k -> k.code() == kind)
                                    .findFirst()
                                    .orElseThrow()
                                    .name(),
                            1,
                            Integer::sum);
                }
            }
        }
        return out;
    }
}
