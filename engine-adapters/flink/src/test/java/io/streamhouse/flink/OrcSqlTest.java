package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of ORC files is a table like any other to SQL. */
class OrcSqlTest {
    @TempDir
    Path warehouse;

    @Test
    void sqlWritesReadsAndFollowsATableOfOrcFiles() throws Exception {
        SqlSession sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE t (k INT, v STRING, d DECIMAL(10, 2), s TIMESTAMP(3), PRIMARY KEY (k) NOT ENFORCED)"
                + " WITH ('bucket' = '2', 'file.format' = 'orc')");
        sql.run("INSERT INTO t VALUES (1, 'a', 1.50, TIMESTAMP '2024-01-02 03:04:05.006'),"
                + " (2, 'b', CAST(NULL AS DECIMAL(10, 2)), CAST(NULL AS TIMESTAMP(3))),"
                + " (3, 'c', 3.00, TIMESTAMP '1950-06-07 08:09:10.011')");
        String refused = SqlSession.messages(assertThrows(
                IllegalStateException.class,
                () -> sql.run("INSERT INTO t VALUES (4, 'd', 4.00, TIMESTAMP '1969-12-31 23:59:59.999')")));
        assertTrue(
                refused.contains("SCHEMA_MISMATCH: column 's'") && refused.contains("file.format = parquet"), refused);
        sql.run("INSERT INTO t VALUES (1, 'A', 1.75, TIMESTAMP '2024-01-02 03:04:05.006')");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            t.delete(2, null, null, null).commit();
        }
        assertEquals(
                List.of("+I[1, A, 1.75, 2024-01-02T03:04:05.006]", "+I[3, c, 3.00, 1950-06-07T08:09:10.011]"),
                sql.query("SELECT * FROM t"));
        assertEquals(List.of("+I[c]"), sql.query("SELECT v FROM t WHERE d > 2"));
        // the statements' own snapshots, then a fence and the deletion
        assertEquals(
                List.of("+I[1, a]", "+I[2, b]", "+I[3, c]", "+U[1, A]", "-D[2, b]", "-U[1, a]"),
                SqlSession.rows(sql.stream(2, Map.of())
                                .executeSql("SELECT k, v FROM t /*+ OPTIONS('scan.mode' = 'earliest',"
                                        + " 'scan.bounded' = 'latest') */"))
                        .stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
        try (Stream<Path> files = Files.list(warehouse.resolve("default.db/t/data"))) {
            List<Path> orc = files.toList();
            assertTrue(orc.size() >= 2, orc.toString());
            for (Path file : orc) {
                assertTrue(file.toString().endsWith(".orc"), file.toString());
                byte[] bytes = Files.readAllBytes(file);
                assertEquals("ORC", new String(bytes, 0, 3, StandardCharsets.US_ASCII));
            }
        }
    }
}
