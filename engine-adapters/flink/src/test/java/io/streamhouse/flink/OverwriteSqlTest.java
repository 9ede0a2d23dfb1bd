package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** INSERT OVERWRITE, TRUNCATE and DROP PARTITION, on tables with and without key. */
class OverwriteSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    /** What a subscriber who applied every change to the end has; fails if a change does not fit. */
    private List<String> replayed(String table) {
        List<String> rows = new ArrayList<>();
        for (Row change : SqlSession.rows(sql.stream(1, Map.of())
                .executeSql(
                        "SELECT * FROM " + table + " /*+ OPTIONS('changelog.shape' = 'full', 'scan.mode' = 'earliest',"
                                + " 'scan.bounded' = 'latest') */"))) {
            boolean gone = change.getKind() == RowKind.UPDATE_BEFORE || change.getKind() == RowKind.DELETE;
            change.setKind(RowKind.INSERT);
            if (gone) {
                assertTrue(rows.remove(change.toString()), "a row that is not there goes: " + change);
            } else {
                rows.add(change.toString());
            }
        }
        return rows.stream().sorted().toList();
    }

    private List<String> kinds(String table) {
        return SqlSession.rows(
                        sql.batch().executeSql("SELECT commit_kind FROM " + table + "$snapshots ORDER BY snapshot_id"))
                .stream()
                .map(r -> (String) r.getField(0))
                .toList();
    }

    private void expect(String table, String... rows) {
        assertEquals(List.of(rows), sql.query("SELECT * FROM " + table));
    }

    @Test
    void partitionsOfAKeyedTableAreReplacedAndDropped() {
        sql.run("CREATE TABLE t (d DATE, p STRING, k INT, v INT, PRIMARY KEY (d, p, k) NOT ENFORCED)"
                + " PARTITIONED BY (d, p) WITH ('bucket' = '2')");
        sql.run("INSERT INTO t VALUES (DATE '2024-01-01', 'x', 1, 1), (DATE '2024-01-01', 'y', 2, 2),"
                + " (DATE '2024-01-02', 'x', 3, 3), (DATE '2024-01-02', 'y', 4, 4)");
        // both columns are named: this partition, whatever comes
        sql.run("INSERT OVERWRITE t PARTITION (d = '2024-01-01', p = 'x') SELECT 7, 70");
        expect(
                "t",
                "+I[2024-01-01, x, 7, 70]",
                "+I[2024-01-01, y, 2, 2]",
                "+I[2024-01-02, x, 3, 3]",
                "+I[2024-01-02, y, 4, 4]");
        sql.run("INSERT OVERWRITE t PARTITION (d = '2024-01-01', p = 'x') SELECT k, v FROM t WHERE k > 100");
        expect("t", "+I[2024-01-01, y, 2, 2]", "+I[2024-01-02, x, 3, 3]", "+I[2024-01-02, y, 4, 4]");
        // one is: the partitions that rows come for
        sql.run("INSERT OVERWRITE t PARTITION (d = '2024-01-02') SELECT 'x', 8, v * 10 FROM t WHERE k = 3");
        expect("t", "+I[2024-01-01, y, 2, 2]", "+I[2024-01-02, x, 8, 30]", "+I[2024-01-02, y, 4, 4]");
        // none is
        sql.run("INSERT OVERWRITE t SELECT d, p, k, v + 1 FROM t WHERE k = 4");
        expect("t", "+I[2024-01-01, y, 2, 2]", "+I[2024-01-02, x, 8, 30]", "+I[2024-01-02, y, 4, 5]");
        assertEquals(sql.query("SELECT * FROM t"), replayed("t"));
        sql.run("ALTER TABLE t DROP PARTITION (d = '2024-01-02', p = 'x')");
        expect("t", "+I[2024-01-01, y, 2, 2]", "+I[2024-01-02, y, 4, 5]");
        sql.run("ALTER TABLE t DROP PARTITION (p = 'y')");
        expect("t");
        sql.run("ALTER TABLE t DROP IF EXISTS PARTITION (p = 'y')");
        String gone = SqlSession.messages(
                assertThrows(Throwable.class, () -> sql.run("ALTER TABLE t DROP PARTITION (p = 'y')")));
        assertTrue(gone.contains("PartitionNotExistException"), gone);
        for (String bad : List.of("k = '3'", "d = 'today'")) {
            String messages = SqlSession.messages(
                    assertThrows(Throwable.class, () -> sql.run("ALTER TABLE t DROP PARTITION (" + bad + ")")));
            assertTrue(messages.contains("SCHEMA_MISMATCH"), messages);
        }
        assertEquals(List.of(), replayed("t"));
        assertEquals(
                List.of("APPEND", "OVERWRITE", "OVERWRITE", "OVERWRITE", "OVERWRITE", "OVERWRITE", "OVERWRITE"),
                kinds("t"));
    }

    /** Flink hands partitions over as they were written, rows as the column's type has them. */
    @Test
    void partitionsAreFoundByTextsThatTheirTypesWriteOtherwise() {
        sql.run("CREATE TABLE t (c CHAR(5), d DECIMAL(10, 2), v INT) PARTITIONED BY (c, d)");
        sql.run("INSERT INTO t VALUES ('ab', 1.5, 1), ('cd', 2.5, 2), ('ef', 3.5, 3)");
        sql.run("INSERT OVERWRITE t PARTITION (c = 'ab', d = 1.5) SELECT 7");
        expect("t", "+I[ab   , 1.50, 7]", "+I[cd   , 2.50, 2]", "+I[ef   , 3.50, 3]");
        sql.run("INSERT OVERWRITE t PARTITION (c = 'cd', d = 2.5) SELECT v FROM t WHERE v > 100");
        sql.run("ALTER TABLE t DROP PARTITION (c = 'ef')");
        expect("t", "+I[ab   , 1.50, 7]");
        for (String bad : List.of("c = 'abcdef'", "d = 1.555")) {
            String messages = SqlSession.messages(
                    assertThrows(Throwable.class, () -> sql.run("ALTER TABLE t DROP PARTITION (" + bad + ")")));
            assertTrue(messages.contains("SCHEMA_MISMATCH"), messages);
        }
    }

    @Test
    void wholeTableIsReplacedAndTruncated() {
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '3')");
        sql.run("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        sql.run("INSERT OVERWRITE t SELECT k, v * 10 FROM t WHERE k <> 2");
        expect("t", "+I[1, 10]", "+I[3, 30]");
        sql.run("INSERT INTO t VALUES (2, 5)");
        assertEquals(sql.query("SELECT * FROM t"), replayed("t"));
        sql.run("TRUNCATE TABLE t");
        expect("t");
        assertEquals(List.of(), replayed("t"));
        sql.run("INSERT INTO t VALUES (2, 6)");
        sql.run("INSERT OVERWRITE t SELECT * FROM t WHERE k = 9");
        expect("t");
        assertEquals(List.of("APPEND", "OVERWRITE", "APPEND", "OVERWRITE", "APPEND", "OVERWRITE"), kinds("t"));
    }

    @Test
    void tablesWithoutKeyAreReplacedTruncatedAndLosePartitions() {
        sql.run("CREATE TABLE t (p STRING, v INT) PARTITIONED BY (p)");
        sql.run("INSERT INTO t VALUES ('x', 1), ('x', 1), ('y', 2), ('z', 3)");
        sql.run("INSERT OVERWRITE t VALUES ('x', 4), ('w', 5), ('w', 5)");
        expect("t", "+I[w, 5]", "+I[w, 5]", "+I[x, 4]", "+I[y, 2]", "+I[z, 3]");
        sql.run("INSERT OVERWRITE t PARTITION (p = 'w') SELECT 6");
        sql.run("ALTER TABLE t DROP PARTITION (p = 'y')");
        expect("t", "+I[w, 6]", "+I[x, 4]", "+I[z, 3]");
        String stopped = SqlSession.messages(assertThrows(Throwable.class, () -> replayed("t")));
        assertTrue(stopped.contains("NOT_INSERT_ONLY"), stopped);
        sql.run("TRUNCATE TABLE t");
        expect("t");
        assertEquals(List.of("APPEND", "OVERWRITE", "OVERWRITE", "OVERWRITE", "OVERWRITE"), kinds("t"));
    }
}
