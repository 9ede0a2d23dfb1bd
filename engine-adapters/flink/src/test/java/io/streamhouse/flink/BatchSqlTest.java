package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    private static final String ALL_TYPES =
            "(id INT NOT NULL, b BOOLEAN, t1 TINYINT, s2 SMALLINT, i4 INT, l8 BIGINT, f4 FLOAT, d8 DOUBLE,"
                    + " d9 DECIMAL(9, 2), d18 DECIMAL(18, 4), d38 DECIMAL(38, 10), c CHAR(3), v VARCHAR(10), s STRING,"
                    + " x BINARY(2), y VARBINARY(5), z BYTES, da DATE, ti TIME(3), ts3 TIMESTAMP(3), ts6 TIMESTAMP(6),"
                    + " ts9 TIMESTAMP(9), lz3 TIMESTAMP_LTZ(3), lz6 TIMESTAMP_LTZ(6), lz9 TIMESTAMP_LTZ(9),"
                    + " PRIMARY KEY (id) NOT ENFORCED)";

    private static List<Row> extremes() {
        Object[] nulls = new Object[25];
        nulls[0] = 0;
        LocalDateTime early = LocalDateTime.of(1, 1, 1, 0, 0);
        LocalDateTime late = LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000);
        Instant firstNano = Instant.parse("1677-09-21T00:12:43.145224192Z");
        Instant lastNano = Instant.parse("2262-04-11T23:47:16.854775807Z");
        BigDecimal wide = new BigDecimal("9999999999999999999999999999.9999999999");
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of(nulls));
        rows.add(Row.of(
                Integer.MIN_VALUE,
                false,
                Byte.MIN_VALUE,
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Float.NEGATIVE_INFINITY,
                Double.NaN,
                new BigDecimal("-9999999.99"),
                new BigDecimal("-99999999999999.9999"),
                wide.negate(),
                "",
                "",
                "",
                new byte[2],
                new byte[0],
                new byte[0],
                LocalDate.of(1, 1, 1),
                LocalTime.MIN,
                early,
                early,
                LocalDateTime.ofInstant(firstNano, java.time.ZoneOffset.UTC),
                early.toInstant(java.time.ZoneOffset.UTC),
                early.toInstant(java.time.ZoneOffset.UTC),
                firstNano));
        rows.add(Row.of(
                Integer.MAX_VALUE,
                true,
                Byte.MAX_VALUE,
                Short.MAX_VALUE,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Float.MIN_VALUE,
                -0.0d,
                new BigDecimal("9999999.99"),
                new BigDecimal("99999999999999.9999"),
                wide,
                "äöü",
                "日本",
                "😀 'quoted'\n\u0000",
                new byte[] {-1, 127},
                new byte[] {1, 2, 3, 4, 5},
                "bytes".getBytes(StandardCharsets.UTF_8),
                LocalDate.of(9999, 12, 31),
                LocalTime.of(23, 59, 59, 999_000_000),
                late.withNano(999_000_000),
                late,
                LocalDateTime.ofInstant(lastNano, java.time.ZoneOffset.UTC),
                late.withNano(999_000_000).toInstant(java.time.ZoneOffset.UTC),
                late.toInstant(java.time.ZoneOffset.UTC),
                lastNano));
        rows.add(Row.of(
                7,
                true,
                (byte) 1,
                (short) 2,
                3,
                4L,
                1.5f,
                2.5d,
                new BigDecimal("1.25"),
                new BigDecimal("-0.0001"),
                new BigDecimal("-0.0000000001"),
                "abc",
                "v",
                "s",
                new byte[] {1, 2},
                new byte[] {3},
                new byte[] {4},
                LocalDate.of(1969, 12, 31),
                LocalTime.of(1, 2, 3, 4_000_000),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999),
                Instant.ofEpochMilli(-1),
                Instant.EPOCH.minusNanos(1000),
                Instant.EPOCH.minusNanos(1)));
        return rows;
    }

    private static Row toRow(org.apache.flink.types.Row row) {
        return Row.of(IntStream.range(0, row.getArity()).mapToObj(row::getField).toArray());
    }

    private static List<String> sortedTexts(List<Row> rows) {
        return rows.stream().map(Row::toString).sorted().toList();
    }

    @Test
    void everyTypeComesBackWithNullsAndExtremes() throws IOException {
        sql.run("CREATE TABLE t " + ALL_TYPES);
        sql.run("CREATE TABLE u " + ALL_TYPES);
        try (JavaTable t = new JavaTable(warehouse, "t");
                JavaTable u = new JavaTable(warehouse, "u")) {
            for (Row row : extremes()) {
                t.insert(IntStream.range(0, row.size()).mapToObj(row::value).toArray());
            }
            t.commit();
            List<Row> read = SqlSession.rows(sql.batch().executeSql("SELECT * FROM t")).stream()
                    .map(BatchSqlTest::toRow)
                    .toList();
            assertEquals(sortedTexts(extremes()), sortedTexts(read));
            sql.run("INSERT INTO u SELECT * FROM t");
            assertEquals(sortedTexts(extremes()), u.texts());
        }
    }

    @Test
    void timestampOutsideItsColumnIsRefusedByName() {
        sql.run("CREATE TABLE t (a INT, moment TIMESTAMP(9))");
        Throwable error = assertThrows(
                Throwable.class, () -> sql.run("INSERT INTO t VALUES (1, TIMESTAMP '1500-01-01 00:00:00.000000001')"));
        String messages = SqlSession.messages(error);
        assertTrue(messages.contains("SCHEMA_MISMATCH") && messages.contains("'moment'"), messages);
        assertEquals(List.of(), sql.query("SELECT * FROM t$snapshots"));
    }

    @Test
    void nullInAKeyIsRefusedAndNothingIsWritten() {
        sql.run("CREATE TABLE t (a INT, v INT, PRIMARY KEY (a) NOT ENFORCED)");
        Throwable error = assertThrows(
                Throwable.class,
                () -> sql.run("INSERT INTO t SELECT CASE WHEN v = 2 THEN CAST(NULL AS INT) ELSE v END, v"
                        + " FROM (VALUES (1), (2)) AS s(v)"));
        String messages = SqlSession.messages(error);
        // Flink's own check of NOT NULL comes before ours, and its text is not ours to choose
        assertTrue(
                messages.contains("Column 'a' is NOT NULL, however, a null value is being written into it"), messages);
        assertEquals(List.of(), sql.query("SELECT * FROM t$snapshots"));
    }

    @Test
    void insertThatDoesNotFitIsRefused() {
        sql.run("CREATE TABLE t (a INT, v STRING)");
        for (String bad : List.of("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (DATE '2020-01-01', 'x')")) {
            String messages = SqlSession.messages(assertThrows(Throwable.class, () -> sql.run(bad)));
            assertTrue(messages.contains("do not match") && messages.contains("t'"), messages);
        }
        assertEquals(List.of(), sql.query("SELECT * FROM t"));
    }

    @Test
    void laterRowsReplaceEarlierOnesPerKeyAndPartition() {
        sql.run("CREATE TABLE t (p STRING, k BIGINT, v INT, PRIMARY KEY (p, k) NOT ENFORCED) PARTITIONED BY (p)"
                + " WITH ('bucket' = '3')");
        long seed = Long.getLong("streamhouse.seed", 42L);
        Random random = new Random(seed);
        TreeMap<String, Integer> model = new TreeMap<>();
        for (int commit = 0; commit < 3; commit++) {
            Map<String, Integer> rows = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                rows.put("p" + random.nextInt(3) + "," + random.nextInt(60), random.nextInt(1000));
            }
            model.putAll(rows);
            sql.run("INSERT INTO t VALUES "
                    + rows.entrySet().stream()
                            .map(e -> "('%s', %s, %d)"
                                    .formatted(
                                            e.getKey().split(",")[0], e.getKey().split(",")[1], e.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        List<String> expected = model.entrySet().stream()
                .map(e -> "+I[" + e.getKey().replace(",", ", ") + ", " + e.getValue() + "]")
                .sorted()
                .toList();
        assertEquals(expected, sql.query("SELECT * FROM t"), "seed " + seed);
        assertEquals(List.of("+I[" + model.size() + "]"), sql.query("SELECT COUNT(*) FROM t"), "seed " + seed);
        List<String> filtered = model.entrySet().stream()
                .filter(e -> e.getKey().startsWith("p1,") && e.getValue() >= 500)
                .map(e -> "+I[" + e.getValue() + ", " + e.getKey().split(",")[1] + "]")
                .sorted(Comparator.naturalOrder())
                .toList();
        assertEquals(filtered, sql.query("SELECT v, k FROM t WHERE p = 'p1' AND v >= 500"), "seed " + seed);
        assertEquals(7, sql.query("SELECT k FROM t LIMIT 7").size());
        assertEquals(
                List.of("+I[3, APPEND]"),
                sql.query("SELECT COUNT(*), commit_kind FROM t$snapshots GROUP BY commit_kind"));
        assertEquals(
                List.of("+I[3, " + model.size() + "]"),
                sql.query("SELECT snapshot_id, row_count FROM t$snapshots WHERE snapshot_id = 3"));
        assertEquals(
                List.of("+I[true, true]"),
                sql.query("SELECT SUM(record_count) >= 100, MIN(size_bytes) > 0 FROM t$files"));
    }

    @Test
    void filtersMeanWhatFlinkMeans() throws IOException {
        sql.run("CREATE TABLE t " + ALL_TYPES);
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            for (Row row : extremes()) {
                t.insert(IntStream.range(0, row.size()).mapToObj(row::value).toArray());
            }
            t.commit();
        }
        List<String> conditions = List.of(
                "b",
                "NOT b",
                "b IS NULL",
                "i4 <> 3",
                "t1 = 1",
                "s2 > 0",
                "i4 IN (3, 2147483647)",
                "i4 NOT IN (3, 4)",
                "l8 > 9.5",
                "d9 = 1.25",
                "d9 < 0",
                "d38 > 0",
                "f4 > 0",
                "d8 > 0",
                "d8 = 0",
                "d8 <> 2.5",
                "c = 'abc'",
                "v = 'v' OR s = ''",
                "s IS NOT NULL AND s <> 's'",
                "da < DATE '1970-01-01'",
                "ts3 >= TIMESTAMP '1970-01-01 00:00:00'",
                "ts6 < TIMESTAMP '1969-12-31 23:59:59.9999995'",
                "ti = TIME '01:02:03.004'",
                "3 < i4",
                "x = x'0102'",
                "i4 BETWEEN 3 AND 10 AND id > 0",
                "lz3 < TO_TIMESTAMP_LTZ(0, 3)",
                "id = 7",
                "id < 7 AND s = ''");
        // one pass without any filter says what each condition means, one statement per condition what it gives
        String meanings = conditions.stream()
                .map(c -> "CASE WHEN " + c + " THEN 1 ELSE 0 END")
                .collect(Collectors.joining(", "));
        List<org.apache.flink.types.Row> unfiltered =
                SqlSession.rows(sql.batch().executeSql("SELECT id, " + meanings + " FROM t"));
        String given = IntStream.range(0, conditions.size())
                .mapToObj(i -> "SELECT " + i + ", id FROM t WHERE " + conditions.get(i))
                .collect(Collectors.joining(" UNION ALL "));
        List<org.apache.flink.types.Row> filtered = SqlSession.rows(sql.batch().executeSql(given));
        for (int i = 0; i < conditions.size(); i++) {
            int condition = i;
            assertEquals(
                    unfiltered.stream()
                            .filter(r -> r.getField(condition + 1).equals(1))
                            .map(r -> r.getField(0))
                            .sorted()
                            .toList(),
                    filtered.stream()
                            .filter(r -> r.getField(0).equals(condition))
                            .map(r -> r.getField(1))
                            .sorted()
                            .toList(),
                    conditions.get(i));
        }
        String plan = sql.batch().explainSql("SELECT id FROM t WHERE i4 > 3");
        assertTrue(plan.contains("filter=[>(i4, 3)]"), plan);
    }

    @Test
    void timeTravelReadsTheTableAsItWas() throws IOException {
        sql.run("CREATE TABLE t (k INT, v STRING, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        long before;
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            before = t.table().snapshots().snapshot(1).timeMillis();
            while (System.currentTimeMillis() <= before) {
                Thread.onSpinWait();
            }
        }
        sql.run("INSERT INTO t VALUES (1, 'c'), (3, 'd')");
        assertEquals(List.of("+I[1, c]", "+I[2, b]", "+I[3, d]"), sql.query("SELECT * FROM t"));
        assertEquals(
                List.of("+I[1, a]", "+I[2, b]"), sql.query("SELECT * FROM t /*+ OPTIONS('scan.snapshot-id' = '1') */"));
        assertEquals(
                List.of("+I[1, a]", "+I[2, b]"),
                sql.query("SELECT * FROM t /*+ OPTIONS('scan.timestamp-millis' = '" + before + "') */"));
        String time = LocalDateTime.ofInstant(Instant.ofEpochMilli(before), java.time.ZoneId.systemDefault())
                .toString()
                .replace('T', ' ');
        assertEquals(
                List.of("+I[1, a]", "+I[2, b]"),
                sql.query("SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '" + time + "'"));
        String gone = SqlSession.messages(assertThrows(
                Throwable.class, () -> sql.query("SELECT * FROM t /*+ OPTIONS('scan.snapshot-id' = '9') */")));
        assertTrue(gone.contains("SNAPSHOT_NOT_FOUND"), gone);
        String early = SqlSession.messages(assertThrows(
                Throwable.class,
                () -> sql.query("SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '2001-01-01 00:00:00'")));
        assertTrue(early.contains("SNAPSHOT_NOT_FOUND"), early);
    }

    @Test
    void appendTableKeepsEveryRow() throws IOException {
        sql.run("CREATE TABLE t (a INT, b STRING)");
        sql.run("CREATE TABLE u (a INT, b STRING) WITH ('bucket' = '2', 'bucket-key' = 'a')");
        sql.run("INSERT INTO t VALUES (1, 'x'), (1, 'x'), (CAST(NULL AS INT), CAST(NULL AS STRING))");
        sql.run("INSERT INTO t VALUES (1, 'x')");
        sql.run("INSERT INTO u SELECT * FROM t");
        List<String> expected = List.of("+I[1, x]", "+I[1, x]", "+I[1, x]", "+I[null, null]");
        assertEquals(expected, sql.query("SELECT * FROM t"));
        assertEquals(expected, sql.query("SELECT * FROM u"));
    }

    @Test
    void twoInsertsIntoOneTableInOneStatementSetBothArrive() {
        for (boolean reuse : List.of(true, false)) {
            String table = "t_" + reuse;
            sql.run("CREATE TABLE " + table + " (k INT, v STRING, PRIMARY KEY (k) NOT ENFORCED)");
            sql.batch().getConfig().set("table.optimizer.reuse-sink-enabled", Boolean.toString(reuse));
            sql.run("EXECUTE STATEMENT SET BEGIN INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'); INSERT INTO "
                    + table + " VALUES (3, 'c'); END");
            assertEquals(List.of("+I[1, a]", "+I[2, b]", "+I[3, c]"), sql.query("SELECT * FROM " + table));
            assertEquals(
                    List.of("+I[" + (reuse ? 1 : 2) + "]"), sql.query("SELECT COUNT(*) FROM " + table + "$snapshots"));
        }
    }

    @Test
    void emptyInsertPublishesNothing() {
        sql.run("CREATE TABLE t (k INT, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("INSERT INTO t SELECT * FROM t WHERE k > 0");
        assertEquals(List.of(), sql.query("SELECT * FROM t$snapshots"));
    }
}
