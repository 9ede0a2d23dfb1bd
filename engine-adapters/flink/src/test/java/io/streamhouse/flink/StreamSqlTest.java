package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.CompiledPlan;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // Flink declares close() with Exception
class StreamSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    private static final Map<String, String> CHECKPOINTS = Map.of("execution.checkpointing.interval", "100 ms");

    /** The next rows of a running query as text; the order within a commit is that of the buckets, so sorted. */
    private static List<String> next(CloseableIterator<Row> rows, int count) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(rows.next().toString());
        }
        return out.stream().sorted().toList();
    }

    @Test
    void subscriberSeesBeforeAndAfterImages() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING, w INT, PRIMARY KEY (k) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            t.insert(1, "a", 0).insert(2, "b", 0).insert(3, "c", 0).commit();
            try (CloseableIterator<Row> rows =
                    sql.stream(2, Map.of()).executeSql("SELECT * FROM t").collect()) {
                assertEquals(List.of("+I[1, a, 0]", "+I[2, b, 0]", "+I[3, c, 0]"), next(rows, 3));
                t.insert(1, "A", 0)
                        .delete(2, null, null)
                        .insert(4, "d", 0)
                        .insert(3, "c", 0)
                        .commit();
                assertEquals(List.of("+I[4, d, 0]", "+U[1, A, 0]", "-D[2, b, 0]", "-U[1, a, 0]"), next(rows, 4));
                t.delete(1, null, null)
                        .insert(1, "AA", 1)
                        .insert(2, "B", 1)
                        .delete(9, null, null)
                        .commit();
                assertEquals(List.of("+I[2, B, 1]", "+U[1, AA, 1]", "-U[1, A, 0]"), next(rows, 3));
            }
        }
    }

    @Test
    void startAndBoundAreKept() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING, PRIMARY KEY (k) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            long first = t.insert(1, "a").commit();
            long second = t.insert(1, "b").commit();
            t.insert(1, "c").insert(2, "x").commit();
            Map<String, List<String>> expected = new HashMap<>();
            expected.put("'scan.bounded' = 'latest'", List.of("+I[1, c]", "+I[2, x]"));
            expected.put(
                    "'scan.mode' = 'earliest', 'scan.bounded' = 'latest'",
                    List.of("+I[1, a]", "+I[2, x]", "+U[1, b]", "+U[1, c]", "-U[1, a]", "-U[1, b]"));
            expected.put(
                    "'scan.mode' = 'earliest', 'scan.bounded' = '" + second + "'",
                    List.of("+I[1, a]", "+U[1, b]", "-U[1, a]"));
            expected.put(
                    "'scan.mode' = 'from-snapshot-full', 'scan.snapshot-id' = '" + first
                            + "', 'scan.bounded' = 'latest'",
                    List.of("+I[1, a]", "+I[2, x]", "+U[1, b]", "+U[1, c]", "-U[1, a]", "-U[1, b]"));
            expected.put(
                    "'scan.snapshot-id' = '" + second + "', 'scan.bounded' = '" + second + "'",
                    List.of("+U[1, b]", "-U[1, a]"));
            expected.put("'scan.mode' = 'latest', 'scan.bounded' = 'latest'", List.of());
            expected.forEach((options, changes) -> assertEquals(
                    changes,
                    SqlSession.rows(sql.stream(2, Map.of())
                                    .executeSql("SELECT * FROM t /*+ OPTIONS(" + options + ") */"))
                            .stream()
                            .map(Row::toString)
                            .sorted()
                            .toList(),
                    options));
            Throwable error = assertThrows(
                    Throwable.class,
                    () -> SqlSession.rows(sql.stream(2, Map.of())
                            .executeSql("SELECT * FROM t /*+ OPTIONS('scan.bounded' = '1') */")));
            assertTrue(SqlSession.messages(error).contains("BAD_OPTION_VALUE"), SqlSession.messages(error));
        }
    }

    @Test
    void projectedAndFilteredStreamIsTheChangelogOfTheQuery() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING, w INT, PRIMARY KEY (k) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            t.insert(1, "a", 5).insert(2, "b", 50).commit();
            try (CloseableIterator<Row> rows = sql.stream(2, Map.of())
                    .executeSql("SELECT v FROM t WHERE w > 10")
                    .collect()) {
                assertEquals(List.of("+I[b]"), next(rows, 1));
                t.insert(1, "c", 11).insert(2, "d", 50).commit();
                List<String> changes = next(rows, 3);
                assertTrue(changes.contains("-U[b]") && changes.contains("+U[d]"), changes::toString);
                assertTrue(changes.contains("+I[c]") || changes.contains("+U[c]"), changes::toString);
            }
        }
    }

    @Test
    void upsertShapeGivesNewRowsAndDeletes() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING NOT NULL, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("CREATE TABLE u (k INT, v STRING NOT NULL, PRIMARY KEY (k) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t");
                JavaTable u = new JavaTable(warehouse, "u")) {
            t.insert(1, "a").insert(2, "b").commit();
            JobClient copy = Jobs.of(sql.stream(2, CHECKPOINTS)
                    .executeSql("INSERT INTO u SELECT * FROM t /*+ OPTIONS('changelog.shape' = 'upsert') */"));
            Jobs.await("the first rows", copy, () -> u.texts().equals(t.texts()));
            t.insert(1, "c").delete(2, null).insert(3, "d").commit();
            Jobs.await("the changes", copy, () -> u.texts().equals(t.texts()));
            Jobs.cancel(copy);
        }
    }

    @Test
    void tableFollowsAnotherUnderCheckpoints() throws Exception {
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '3')");
        sql.run("CREATE TABLE sums (m INT, n BIGINT, total INT, PRIMARY KEY (m) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t");
                JavaTable sums = new JavaTable(warehouse, "sums")) {
            JobClient job = Jobs.of(sql.stream(3, CHECKPOINTS)
                    .executeSql("INSERT INTO sums SELECT MOD(k, 5), COUNT(*), SUM(v) FROM t GROUP BY MOD(k, 5)"));
            for (int commit = 0; commit < 12; commit++) {
                for (int k = commit; k < commit + 20; k++) {
                    if (k % 7 == commit % 7) {
                        t.delete(k, null);
                    } else {
                        t.insert(k, k * commit);
                    }
                }
                t.commit();
                if (commit % 4 == 3) {
                    List<String> expected =
                            sql.query("SELECT MOD(k, 5), COUNT(*), SUM(v) FROM t GROUP BY MOD(k, 5)").stream()
                                    .map(r -> r.substring(2).replace('[', '(').replace(']', ')'))
                                    .toList();
                    Jobs.await("sums equal " + expected, job, () -> sums.texts().equals(expected));
                }
            }
            Jobs.cancel(job);
            assertTrue(sums.table().snapshots().latest().orElseThrow().id() >= 3);
        }
    }

    @Test
    void valuesInAStreamAreCommittedAtTheirEnd() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING, PRIMARY KEY (k) NOT ENFORCED)");
        SqlSession.await(sql.stream(2, Map.of()).executeSql("INSERT INTO t VALUES (1, 'a'), (2, 'b')"));
        SqlSession.await(sql.stream(2, CHECKPOINTS).executeSql("INSERT INTO t VALUES (2, 'c'), (3, 'd')"));
        assertEquals(List.of("+I[1, a]", "+I[2, c]", "+I[3, d]"), sql.query("SELECT * FROM t"));
    }

    @Test
    void compiledPlanIsAStatementOfItsOwnEachTimeItRuns() throws Exception {
        sql.run("CREATE TABLE t (a INT)");
        CompiledPlan plan = sql.stream(1, Map.of()).compilePlanSql("INSERT INTO t VALUES (1)");
        SqlSession.await(plan.execute());
        SqlSession.await(plan.execute());
        assertEquals(List.of("+I[1]", "+I[1]"), sql.query("SELECT * FROM t"));
    }

    @Test
    void numberOfWritersIsTheStatementsChoice() throws Exception {
        sql.run("CREATE TABLE t (k INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '8')");
        for (int writers : List.of(1, 3)) {
            StreamTableEnvironment env = sql.stream(2, Map.of());
            env.executeSql("CREATE TEMPORARY TABLE numbers (k INT) WITH ('connector' = 'datagen',"
                    + " 'fields.k.kind' = 'sequence', 'fields.k.start' = '1', 'fields.k.end' = '200')");
            SqlSession.await(env.executeSql("INSERT INTO t /*+ OPTIONS('write-only' = 'true', 'sink.parallelism' = '"
                    + writers + "') */ SELECT * FROM numbers"));
            try (JavaTable t = new JavaTable(warehouse, "t")) {
                assertEquals(200, t.rows().size());
                long newest = t.head();
                long files = t.table().snapshots().tree(t.table().snapshots().snapshot(newest)).entries().stream()
                        .filter(e -> e.addedIn() == newest)
                        .count();
                assertEquals(writers, files, "data files of the commit");
            }
        }
        assertEquals(
                List.of("+I[APPEND]", "+I[APPEND]", "+I[FENCE]", "+I[FENCE]"),
                SqlSession.rows(sql.stream(1, Map.of()).executeSql("SELECT commit_kind FROM t$snapshots")).stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void timeTravelInAStreamIsTheTableAsItWas() throws Exception {
        sql.run("CREATE TABLE t (k INT, v STRING, PRIMARY KEY (k) NOT ENFORCED)");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            t.insert(1, "a").commit();
            long then = t.table().snapshots().latest().orElseThrow().timeMillis();
            while (System.currentTimeMillis() <= then) {
                Thread.onSpinWait();
            }
            t.insert(1, "b").insert(2, "c").commit();
            String time = LocalDateTime.ofInstant(Instant.ofEpochMilli(then), ZoneId.systemDefault())
                    .toString()
                    .replace('T', ' ');
            assertEquals(
                    List.of("+I[1, a]"),
                    SqlSession.rows(sql.stream(1, Map.of())
                                    .executeSql("SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '" + time + "'"))
                            .stream()
                            .map(Row::toString)
                            .toList());
        }
    }

    @Test
    void jobOverADroppedTableFailsOnceWithItsCode() throws Exception {
        sql.run("CREATE TABLE t (k INT, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("CREATE TABLE u (k INT, PRIMARY KEY (k) NOT ENFORCED)");
        StreamTableEnvironment env = sql.stream(1, CHECKPOINTS);
        CompiledPlan plan = env.compilePlanSql("INSERT INTO u SELECT * FROM t");
        sql.run("DROP TABLE t");
        String failure = Jobs.failure(Jobs.of(plan.execute()));
        assertTrue(failure.contains("TABLE_NOT_FOUND"), failure);
    }
}
