package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code CALL sys.compact}, {@code CALL sys.expire_snapshots}, and the tables that show what they did. */
class MaintenanceCallTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    private List<Row> rows(String statement) {
        return SqlSession.rows(sql.batch().executeSql(statement));
    }

    private void create(String options) {
        sql.run("CREATE TABLE t (day_ STRING, k INT, v INT, PRIMARY KEY (day_, k) NOT ENFORCED)"
                + " PARTITIONED BY (day_) WITH ('bucket' = '2'" + options + ")");
    }

    /** Twelve commits over the same forty keys of three days. */
    private TreeMap<String, Integer> fill(JavaTable table) throws Exception {
        TreeMap<String, Integer> perDay = new TreeMap<>();
        for (int commit = 0; commit < 12; commit++) {
            for (int k = 0; k < 40; k++) {
                table.insert("d" + k % 3, k, commit);
            }
            table.commit();
        }
        for (int k = 0; k < 40; k++) {
            perDay.merge("day_=d" + k % 3, 1, Integer::sum);
        }
        return perDay;
    }

    @Test
    void compactMergesFilesAndSaysSo() throws Exception {
        create("");
        try (JavaTable table = new JavaTable(warehouse, "t")) {
            fill(table);
            Snapshot before = table.table().snapshots().latest().orElseThrow();
            List<String> texts = table.texts();
            Row said = rows("CALL sys.compact('default.t')").get(0);
            assertTrue((int) said.getField(0) > 0, said.toString());
            assertEquals(0, said.getField(1));
            assertEquals(0L, said.getField(4));
            Snapshot after = table.table().snapshots().latest().orElseThrow();
            assertEquals(
                    before.totals(),
                    new Snapshot.Totals(
                            after.totals().rowCount(),
                            after.totals().digest(),
                            before.totals().nextRowId()));
            assertEquals(texts, table.texts());
            Row shown = rows("SELECT * FROM t$compactions").get(0);
            assertEquals(after.id(), shown.getField("snapshot_id"));
            assertEquals(before.id(), shown.getField("base_snapshot_id"));
            assertEquals(12, shown.getField("input_files"));
            assertEquals(1, shown.getField("output_files"));
            assertEquals(40L, shown.getField("record_count"));
            assertEquals(said.getField(2), shown.getField("bytes_read"));
            assertEquals(said.getField(3), shown.getField("bytes_written"));
            assertEquals(0, rows("CALL sys.compact('default.t')").get(0).getField(0));
        }
    }

    @Test
    void bucketsAndPartitionsAddUpToTheTable() throws Exception {
        create("");
        assertEquals(List.of(), rows("SELECT * FROM t$partitions"));
        try (JavaTable table = new JavaTable(warehouse, "t")) {
            TreeMap<String, Integer> expected = fill(table);
            TreeMap<String, Integer> shown = new TreeMap<>();
            long bytes = 0;
            for (Row row : rows("SELECT * FROM t$partitions")) {
                shown.put((String) row.getField("partition"), Math.toIntExact((long) row.getField("record_count")));
                assertEquals(11L * (long) row.getField("record_count"), row.getField("masked_count"));
                assertEquals(table.head(), row.getField("last_added_in"));
                assertEquals(2, row.getField("buckets"));
                assertEquals(24, row.getField("slices"));
                bytes += (long) row.getField("size_bytes");
            }
            assertEquals(expected, shown);
            long stored =
                    (long) rows("SELECT SUM(size_bytes) FROM t$files").get(0).getField(0);
            assertTrue(bytes <= stored && bytes > stored - 12 * 6, bytes + " of " + stored + " bytes");
            assertEquals(
                    sql.query("SELECT `partition`, record_count, masked_count, size_bytes FROM t$partitions"),
                    sql.query("SELECT `partition`, SUM(record_count), SUM(masked_count), SUM(size_bytes)"
                            + " FROM t$buckets GROUP BY `partition`"));
            assertEquals(List.of("+I[6, 0, 1]"), sql.query("SELECT COUNT(*), MIN(bucket), MAX(bucket) FROM t$buckets"));
            assertEquals(
                    List.of("+I[40, 0]"),
                    sql.query("SELECT SUM(record_count), SUM(masked_count) FROM t$buckets"
                            + " /*+ OPTIONS('scan.snapshot-id' = '2') */"));
        }
    }

    @Test
    void expireSnapshotsLetsThemGoAndLateReadersAreToldWhereToBegin() throws Exception {
        create(", 'snapshot.time-retained' = '0 ms', 'snapshot.num-retained.min' = '4'");
        try (JavaTable table = new JavaTable(warehouse, "t")) {
            fill(table);
            long head = table.head();
            Row said = rows("CALL sys.expire_snapshots('default.t')").get(0);
            assertEquals(head - 4, said.getField(0));
            assertEquals(head - 3, said.getField(1));
            assertEquals(0L, said.getField(2));
            assertEquals(List.of("+I[4]"), sql.query("SELECT COUNT(*) FROM t$snapshots"));
            String late = SqlSession.messages(assertThrows(
                    Throwable.class, () -> sql.query("SELECT * FROM t /*+ OPTIONS('scan.snapshot-id' = '3') */")));
            assertTrue(late.contains("SNAPSHOT_EXPIRED") && late.contains("read is " + (head - 3)), late);
            assertEquals(
                    0L, rows("CALL sys.expire_snapshots('default.t')").get(0).getField(0));
        }
    }

    @Test
    void orphansGoAndASoundTableIsToldFromADamagedOne() throws Exception {
        create("");
        try (JavaTable table = new JavaTable(warehouse, "t")) {
            fill(table);
            Path data = warehouse.resolve("default.db/t/data");
            Path orphan = data.resolve("00000000-0000-0000-0000-000000000001.parquet");
            Files.write(orphan, new byte[5]);
            assertEquals(List.of(), sql.query("CALL sys.remove_orphan_files('default.t')"), "it is young");
            Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
            List<String> found = List.of("+I[data, 1, 5]");
            assertEquals(found, sql.query("CALL sys.remove_orphan_files('default.t', '8 d', true)"));
            assertEquals(found, sql.query("CALL sys.remove_orphan_files('default.t', '8 d')"));
            assertFalse(Files.exists(orphan));

            assertEquals(List.of(), sql.query("CALL sys.verify('default.t')"));
            Path file;
            try (Stream<Path> files = Files.list(data)) {
                file = files.sorted().findFirst().orElseThrow();
            }
            Files.delete(file);
            Row finding = rows("CALL sys.verify('default.t')").get(0);
            assertEquals("missing", finding.getField(0));
            assertEquals("data/" + file.getFileName(), finding.getField(1));
        }
    }

    @Test
    void argumentsMayBeNamedAndLeftOut() {
        create("");
        for (String arguments : List.of(
                "'default.t'",
                "`table` => 'default.t'",
                "`table` => 'default.t', dry_run => true",
                "`table` => 'default.t', older_than => '8 d'",
                "'default.t', CAST(NULL AS STRING), true")) {
            assertEquals(List.of(), sql.query("CALL sys.remove_orphan_files(" + arguments + ")"), arguments);
        }
    }

    @Test
    void anArgumentThatCannotBeIsToldHowToWriteIt() {
        create("");
        for (String age : List.of("''", "'7'", "'7 moons'")) {
            String statement = "CALL sys.remove_orphan_files('default.t', %s)".formatted(age);
            String messages = SqlSession.messages(assertThrows(Throwable.class, () -> rows(statement)));
            assertTrue(
                    messages.contains("BAD_OPTION_VALUE: older_than: " + age) && messages.contains("write it as '7 d'"),
                    messages);
        }
        for (String name : List.of("t", "lake.default.t")) {
            String statement = "CALL sys.compact('%s')".formatted(name);
            String messages = SqlSession.messages(assertThrows(Throwable.class, () -> rows(statement)));
            assertTrue(
                    messages.contains("BAD_NAME: '" + name + "'")
                            && messages.contains("write 'db.t'")
                            && messages.contains("current database"),
                    messages);
        }
    }

    @Test
    void callsOfWhatIsNoTableAreRefusedWithTheirCode() {
        for (String procedure : List.of("compact", "expire_snapshots", "remove_orphan_files", "verify")) {
            for (String argument : List.of("'default.missing'", "'a.b.c'", "CAST(NULL AS STRING)")) {
                String statement = "CALL sys.%s(%s)".formatted(procedure, argument);
                String messages = SqlSession.messages(assertThrows(Throwable.class, () -> rows(statement)));
                assertTrue(messages.contains("TABLE_NOT_FOUND") || messages.contains("BAD_NAME"), messages);
            }
        }
        assertEquals(
                List.of(
                        "+I[compact]",
                        "+I[expire_snapshots]",
                        "+I[remove_orphan_files]",
                        "+I[rollback_to]",
                        "+I[verify]"),
                sql.query("SHOW PROCEDURES IN sys"));
    }
}
