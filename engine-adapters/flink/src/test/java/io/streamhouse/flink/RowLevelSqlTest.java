package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.Lease;
import io.streamhouse.write.RowDeltaCommitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UPDATE and DELETE in batch, and what subscribers see of them. */
class RowLevelSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    @AfterEach
    void awaitLeases() throws Exception {
        HeldLeases.awaitNone(warehouse);
    }

    /** What a subscriber sees of one snapshot, sorted. */
    private List<String> changes(String table, long snapshot) {
        return SqlSession.rows(sql.stream(2, Map.of())
                        .executeSql(
                                ("SELECT * FROM %s /*+ OPTIONS('changelog.shape' = 'full', 'scan.snapshot-id' = '%d',"
                                                + " 'scan.bounded' = '%d') */")
                                        .formatted(table, snapshot, snapshot)))
                .stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private String error(String statement) {
        return SqlSession.messages(assertThrows(Throwable.class, () -> sql.run(statement)));
    }

    @Test
    void updateReplacesTheRowsThatItsConditionNames() throws Exception {
        sql.run("CREATE TABLE t (k INT, price DECIMAL(15, 2), discount DECIMAL(15, 2), revenue DECIMAL(15, 4),"
                + " PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '3')");
        sql.run("INSERT INTO t VALUES (1, 10.00, 0.10, 9.0000), (2, 20.00, 0.50, 0.0000), (3, 5.00, 0.00, 1.0000),"
                + " (4, 8.00, 0.25, 6.0000)");
        sql.run("UPDATE t SET revenue = price * (1 - discount) WHERE revenue <> price * (1 - discount)");
        assertEquals(
                List.of(
                        "+I[1, 10.00, 0.10, 9.0000]",
                        "+I[2, 20.00, 0.50, 10.0000]",
                        "+I[3, 5.00, 0.00, 5.0000]",
                        "+I[4, 8.00, 0.25, 6.0000]"),
                sql.query("SELECT * FROM t"));
        assertEquals(
                List.of(
                        "+U[2, 20.00, 0.50, 10.0000]",
                        "+U[3, 5.00, 0.00, 5.0000]",
                        "-U[2, 20.00, 0.50, 0.0000]",
                        "-U[3, 5.00, 0.00, 1.0000]"),
                changes("t", 2));
        assertEquals(List.of("+I[APPEND]", "+I[ROW_DELTA]"), sql.query("SELECT commit_kind FROM t$snapshots"));
        // nothing to correct any more, so nothing is published
        sql.run("UPDATE t SET revenue = price * (1 - discount) WHERE revenue <> price * (1 - discount)");
        assertEquals(List.of("+I[2]"), sql.query("SELECT COUNT(*) FROM t$snapshots"));
        HeldLeases.awaitNone(warehouse);
        assertEquals(
                List.of("UPDATE that reads default.t at snapshot 1", "UPDATE that reads default.t at snapshot 2"),
                HeldLeases.all(warehouse, "t").stream()
                        .map(Lease::owner)
                        .filter(owner -> owner.startsWith("UPDATE"))
                        .sorted()
                        .toList());
    }

    @Test
    void rowsOfAPartitionedTableFollowAModel() {
        sql.run("CREATE TABLE t (p STRING, k INT, v INT, s STRING, PRIMARY KEY (p, k) NOT ENFORCED) PARTITIONED BY (p)"
                + " WITH ('bucket' = '2')");
        TreeMap<String, String> model = new TreeMap<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String p = "p" + i % 4;
            values.add("('%s', %d, %d, 's%d')".formatted(p, i, i * 10, i));
            int v = i % 4 == 1 && i > 20 ? i * 10 + 1 : i * 10;
            if (v % 3 != 0) {
                model.put(p + i, "+I[%s, %d, %d, %s]".formatted(p, i, v, v % 4 == 0 ? "four" : "s" + i));
            }
        }
        sql.run("INSERT INTO t VALUES " + String.join(", ", values));
        sql.run("UPDATE t SET v = v + 1 WHERE p = 'p1' AND k > 20");
        sql.run("DELETE FROM t WHERE MOD(v, 3) = 0");
        sql.run("UPDATE t SET s = 'four' WHERE MOD(v, 4) = 0");
        assertEquals(model.values().stream().sorted().toList(), sql.query("SELECT * FROM t"));
        List<String> updates = changes("t", 2);
        assertEquals(10, updates.stream().filter(c -> c.startsWith("-U")).count());
        assertEquals(10, updates.stream().filter(c -> c.startsWith("+U")).count());
        assertEquals(20, updates.size(), updates::toString);
        List<String> deletes = changes("t", 3);
        assertEquals(60 - model.size(), deletes.size());
        assertEquals(
                deletes.size(), deletes.stream().filter(c -> c.startsWith("-D")).count());
    }

    @Test
    void conditionMayAskOtherTablesAndTheTableItself() {
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("CREATE TABLE u (k INT, w INT)");
        sql.run("INSERT INTO t VALUES (1, 10), (2, 20), (3, 30), (4, 40)");
        sql.run("INSERT INTO u VALUES (2, 7), (3, 8)");
        sql.run("UPDATE t SET v = v + 1 WHERE k IN (SELECT k FROM u WHERE w > 7)");
        sql.run("DELETE FROM t WHERE k IN (SELECT k FROM u WHERE w = 7)");
        assertEquals(List.of("+I[1, 10]", "+I[3, 31]", "+I[4, 40]"), sql.query("SELECT * FROM t"));
        String itself = "UPDATE t SET v = (SELECT MAX(v) FROM t) + 1";
        String shared = error(itself);
        assertTrue(shared.contains("BAD_OPTION_VALUE") && shared.contains("reuse-source-enabled"), shared);
        StreamTableEnvironment apart = TestCluster.environment(
                warehouse, RuntimeExecutionMode.BATCH, 2, Map.of("table.optimizer.reuse-source-enabled", "false"));
        SqlSession.await(apart.executeSql(itself));
        assertEquals(List.of("+I[1, 41]", "+I[3, 41]", "+I[4, 41]"), sql.query("SELECT * FROM t"));
    }

    @Test
    void statementsThatCannotBeMeantAreRefusedByName() {
        sql.run("CREATE TABLE t (p STRING, k INT, b INT, v INT, PRIMARY KEY (p, k, b) NOT ENFORCED)"
                + " PARTITIONED BY (p) WITH ('bucket-key' = 'b')");
        sql.run("INSERT INTO t VALUES ('x', 1, 2, 3)");
        Map<String, List<String>> wrong = new TreeMap<>();
        wrong.put("UPDATE t SET k = 2 WHERE v = 3", List.of("BAD_KEY", "'k'", "a key column"));
        wrong.put("UPDATE t SET v = 1, p = 'y'", List.of("BAD_KEY", "'p'"));
        wrong.put("UPDATE t SET b = 5", List.of("BAD_KEY", "'b'"));
        wrong.put("UPDATE t /*+ OPTIONS('scan.snapshot-id' = '1') */ SET v = 1", List.of("BAD_OPTION_VALUE", "UPDATE"));
        wrong.put("DELETE FROM t /*+ OPTIONS('scan.snapshot-id' = '1') */", List.of("BAD_OPTION_VALUE", "DELETE"));
        wrong.put("UPDATE t$snapshots SET row_count = 3", List.of("BAD_NAME", "cannot be written"));
        wrong.forEach((statement, parts) -> {
            String messages = error(statement);
            parts.forEach(part -> assertTrue(messages.contains(part), statement + ": " + messages));
        });
        for (String statement : List.of(
                "UPDATE t SET v = 1", "DELETE FROM t WHERE k = 1", "INSERT OVERWRITE t VALUES ('x', 1, 1, 1)")) {
            String messages = SqlSession.messages(assertThrows(
                    Throwable.class,
                    () -> SqlSession.await(sql.stream(1, Map.of()).executeSql(statement))));
            assertTrue(messages.contains("stream") && messages.contains("mode"), statement + ": " + messages);
        }
        assertEquals(List.of("+I[x, 1, 2, 3]"), sql.query("SELECT * FROM t"));
    }

    @Test
    void emptyTablesStayAsTheyAre() {
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("UPDATE t SET v = 1");
        sql.run("DELETE FROM t WHERE v = 1");
        sql.run("TRUNCATE TABLE t");
        assertEquals(List.of(), sql.query("SELECT * FROM t$snapshots"));
    }

    @Test
    void rowsOfATableWithoutKeyAreChangedWhereTheyStand() throws Exception {
        sql.run("CREATE TABLE t (p STRING, b INT, v INT, s STRING) PARTITIONED BY (p)"
                + " WITH ('bucket' = '3', 'bucket-key' = 'b')");
        sql.run("CREATE TABLE u (v INT, s STRING)");
        List<String> model = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            // every row is there twice, so nothing but its place tells it from another
            int v = i / 2;
            values.add("('p%d', %d, %d, 's')".formatted(v % 4, v % 5, v));
            if (v % 3 != 0) {
                model.add("+I[p%d, %d, %d, %s]".formatted(v % 4, v % 5, v % 7 == 1 ? v + 1000 : v, "s" + v));
            }
        }
        sql.run("INSERT INTO t VALUES " + String.join(", ", values.subList(0, 30)));
        sql.run("INSERT INTO t VALUES " + String.join(", ", values.subList(30, 60)));
        sql.run("INSERT INTO u SELECT v, s FROM t");
        sql.run("UPDATE t SET s = s || CAST(v AS STRING)");
        sql.run("DELETE FROM t WHERE MOD(v, 3) = 0");
        sql.run("UPDATE t SET v = v + 1000 WHERE MOD(v, 7) = 1");
        assertEquals(model.stream().sorted().toList(), sql.query("SELECT * FROM t"));
        sql.run("DELETE FROM u WHERE v > 3");
        assertEquals(
                List.of("+I[0, s]", "+I[0, s]", "+I[1, s]", "+I[1, s]", "+I[2, s]", "+I[2, s]", "+I[3, s]", "+I[3, s]"),
                sql.query("SELECT * FROM u"));
        assertEquals(
                List.of("+I[APPEND, 2]", "+I[ROW_DELTA, 3]"),
                sql.query("SELECT commit_kind, COUNT(*) FROM t$snapshots GROUP BY commit_kind"));
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            assertEquals(List.of("60", "20", "8"), rowsReplaced(t, 3, 4, 5));
        }
        String moved = error("UPDATE t SET p = 'q'");
        assertTrue(moved.contains("BAD_KEY") && moved.contains("'p'"), moved);
    }

    private static List<String> rowsReplaced(JavaTable t, long... snapshots) throws IOException {
        List<String> out = new ArrayList<>();
        for (long id : snapshots) {
            out.add(t.table().snapshots().snapshot(id).properties().get(RowDeltaCommitter.ROWS_REPLACED));
        }
        return out;
    }
}
