package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    private String refused(String statement) {
        Throwable error = assertThrows(Throwable.class, () -> sql.run(statement), statement);
        String messages = SqlSession.messages(error);
        assertFalse(
                messages.contains("NullPointerException")
                        || messages.contains("ClassCastException")
                        || messages.contains("IndexOutOfBounds"),
                messages);
        return messages;
    }

    private void refusedWith(String code, String part, String statement) {
        String messages = refused(statement);
        assertTrue(messages.contains(code) && messages.contains(part), statement + " gave\n" + messages);
    }

    @Test
    void databasesComeAndGo() {
        assertEquals(List.of("+I[default]"), sql.query("SHOW DATABASES"));
        sql.run("CREATE DATABASE shop");
        sql.run("CREATE DATABASE IF NOT EXISTS shop");
        assertTrue(refused("CREATE DATABASE shop").contains("shop"));
        sql.run("CREATE TABLE shop.t (a INT)");
        assertTrue(refused("DROP DATABASE shop").contains("DATABASE_NOT_EMPTY"));
        sql.run("DROP DATABASE shop CASCADE");
        sql.run("DROP DATABASE IF EXISTS shop");
        assertEquals(List.of("+I[default]"), sql.query("SHOW DATABASES"));
    }

    @Test
    void definitionComesBackAndMakesTheSameTable() {
        sql.run(
                "CREATE TABLE o (id BIGINT COMMENT 'number', `day` DATE, note VARCHAR(20), price DECIMAL(15, 2) NOT NULL,"
                        + " PRIMARY KEY (id, `day`) NOT ENFORCED) COMMENT 'orders'"
                        + " DISTRIBUTED BY HASH(id) INTO 3 BUCKETS PARTITIONED BY (`day`)"
                        + " WITH ('target-file-size' = '32 mb')");
        String created = sql.query("SHOW CREATE TABLE o").get(0);
        for (String part : List.of(
                "number",
                "orders",
                "VARCHAR(20)",
                "DECIMAL(15, 2) NOT NULL",
                "NOT ENFORCED",
                "PARTITIONED BY (`day`)",
                "'bucket' = '3'",
                "'bucket-key' = 'id'",
                "'target-file-size' = '32 mb'")) {
            assertTrue(created.contains(part), part + " in " + created);
        }
        String ddl = created.substring("+I[".length(), created.length() - 1);
        sql.run("DROP TABLE o");
        sql.run(ddl);
        assertEquals(created, sql.query("SHOW CREATE TABLE o").get(0));
    }

    @Test
    void optionsAreSetAndReset() {
        sql.run("CREATE TABLE t (a INT)");
        sql.run("ALTER TABLE t SET ('target-file-size' = '16 mb', 'write-buffer-size' = '8 mb')");
        sql.run("ALTER TABLE t RESET ('write-buffer-size')");
        assertEquals(List.of("+I[target-file-size, 16 mb]"), sql.query("SELECT * FROM t$options"));
        refusedWith("UNKNOWN_OPTION", "target-file-size", "ALTER TABLE t SET ('target-file-sizes' = '1 mb')");
        refusedWith("BAD_OPTION_VALUE", "lots", "ALTER TABLE t SET ('target-file-size' = 'lots')");
        assertTrue(refused("ALTER TABLE t ADD b INT").contains("ALTER TABLE can only SET and RESET options"));
        assertEquals(List.of("+I[target-file-size, 16 mb]"), sql.query("SELECT * FROM t$options"));
    }

    @Test
    void badDefinitionsAreRefusedByCodeAndLeaveNothing() {
        refusedWith("UNKNOWN_OPTION", "'bucket'", "CREATE TABLE t (a INT) WITH ('buckets' = '4')");
        refusedWith("UNKNOWN_OPTION", "TEMPORARY", "CREATE TABLE t (a INT) WITH ('connector' = 'datagen')");
        refusedWith("BAD_OPTION_VALUE", "'bucket'", "CREATE TABLE t (a INT) WITH ('bucket' = 'zero')");
        refusedWith("BAD_OPTION_VALUE", "parquet | orc", "CREATE TABLE t (a INT) WITH ('file.format' = 'avro')");
        refusedWith("UNSUPPORTED_TYPE", "column 'b'", "CREATE TABLE t (a INT, b ARRAY<INT>)");
        refusedWith("UNSUPPORTED_TYPE", "column 'b'", "CREATE TABLE t (a INT, b MAP<INT, STRING>)");
        refusedWith("UNSUPPORTED_TYPE", "column 'b'", "CREATE TABLE t (a INT, b ROW<x INT>)");
        refusedWith("UNSUPPORTED_TYPE", "column 'b'", "CREATE TABLE t (a INT, b AS a + 1)");
        refusedWith("UNSUPPORTED_TYPE", "column 'b'", "CREATE TABLE t (a INT, b INT METADATA)");
        refusedWith(
                "UNSUPPORTED_TYPE",
                "column 'b'",
                "CREATE TABLE t (a INT, b TIMESTAMP(3), WATERMARK FOR b AS b - INTERVAL '1' SECOND)");
        refusedWith("BAD_KEY", "[p]", "CREATE TABLE t (a INT, p INT, PRIMARY KEY (a) NOT ENFORCED) PARTITIONED BY (p)");
        refusedWith("BAD_KEY", "'a'", "CREATE TABLE t (a DOUBLE, PRIMARY KEY (a) NOT ENFORCED)");
        refusedWith("BAD_NAME", "a", "CREATE TABLE t (a INT, A INT)");
        refusedWith("BAD_NAME", "..", "CREATE TABLE `../t` (a INT)");
        refusedWith("BAD_NAME", "name", "CREATE TABLE `a/b` (a INT)");
        refusedWith("BAD_NAME", "\\u0007", "CREATE TABLE `t\u0007` (a INT)");
        refusedWith("BAD_NAME", "..", "CREATE DATABASE `..`");
        assertEquals(List.of(), sql.query("SHOW TABLES"));
        sql.run("CREATE TABLE t (a INT)");
        refusedWith("TABLE_EXISTS", "t", "CREATE TABLE t (a INT)");
        sql.run("CREATE TABLE IF NOT EXISTS t (a INT)");
        refusedWith("BAD_NAME", "T", "CREATE TABLE T (a INT)");
        assertTrue(refused("SELECT * FROM missing").contains("missing"));
        assertTrue(refused("DROP TABLE missing").contains("missing"));
        sql.run("DROP TABLE IF EXISTS missing");
        assertTrue(refused("CREATE VIEW v AS SELECT 1").contains("TEMPORARY VIEW"));
        assertEquals(List.of("+I[t]"), sql.query("SHOW TABLES"));
    }

    @Test
    void statementOptionsAreChecked() {
        sql.run("CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)");
        refusedWith("UNKNOWN_OPTION", "'scan.mode'", "SELECT * FROM t /*+ OPTIONS('scan.modes' = 'latest') */");
        refusedWith("BAD_OPTION_VALUE", "'bucket'", "SELECT * FROM t /*+ OPTIONS('bucket' = '9') */");
        refusedWith("BAD_OPTION_VALUE", "'scan.mode'", "SELECT * FROM t /*+ OPTIONS('scan.mode' = 'sideways') */");
        refusedWith("BAD_OPTION_VALUE", "commit.user", "INSERT INTO t /*+ OPTIONS('commit.user' = 'me') */ VALUES (1)");
        refusedWith(
                "BAD_OPTION_VALUE",
                "'commit.user' cannot be set for a batch read of default.t",
                "SELECT * FROM t /*+ OPTIONS('commit.user' = 'me') */");
        refusedWith(
                "BAD_OPTION_VALUE",
                "'write-buffer-size' cannot be set for a batch read of default.t",
                "SELECT * FROM t /*+ OPTIONS('write-buffer-size' = '8 mb') */");
        for (String scan : List.of("scan.mode' = 'latest", "scan.snapshot-id' = '1", "changelog.shape' = 'upsert")) {
            refusedWith(
                    "BAD_OPTION_VALUE",
                    "cannot be set for an INSERT INTO default.t",
                    "INSERT INTO t /*+ OPTIONS('" + scan + "') */ VALUES (1)");
        }
        refusedWith(
                "BAD_OPTION_VALUE",
                "'target-file-size' cannot be set for an INSERT INTO default.t",
                "INSERT INTO t /*+ OPTIONS('target-file-size' = '8 mb') */ VALUES (1)");
        for (String stream : List.of(
                "scan.mode' = 'earliest",
                "scan.bounded' = 'latest",
                "changelog.shape' = 'full",
                "continuous.discovery-interval' = '1 s")) {
            refusedWith(
                    "BAD_OPTION_VALUE",
                    "cannot be set for a batch read of default.t",
                    "SELECT * FROM t /*+ OPTIONS('" + stream + "') */");
        }
        String streaming = SqlSession.messages(assertThrows(Throwable.class, () -> sql.stream(1, Map.of())
                .executeSql("SELECT * FROM t /*+ OPTIONS('sink.parallelism' = '1') */")));
        assertTrue(streaming.contains("'sink.parallelism' cannot be set for a streaming read of default.t"), streaming);
        sql.run("INSERT INTO t /*+ OPTIONS('write-buffer-size' = '8 mb', 'sink.parallelism' = '1') */ VALUES (1)");
        // what a table's WITH clause says is for those statements that heed it
        sql.run(
                "CREATE TABLE w (a INT) WITH ('commit.user' = 'me', 'scan.bounded' = 'latest', 'changelog.shape' = 'upsert')");
        assertEquals(List.of(), sql.query("SELECT * FROM w"));
        refusedWith("BAD_NAME", "t$options", "INSERT INTO t$options VALUES ('a', 'b')");
        assertTrue(refused("INSERT INTO t VALUES ('x', 1)").contains("different number of columns")
                || refused("INSERT INTO t VALUES ('x', 1)").contains("Column types"));
    }

    @Test
    void metadataTablesHeedTheirOptionsOrRefuseThem() {
        sql.run("CREATE TABLE t (a INT)");
        sql.run("INSERT INTO t VALUES (1)");
        sql.run("INSERT INTO t VALUES (2)");
        assertEquals(List.of("+I[2]"), sql.query("SELECT COUNT(*) FROM t$files"));
        assertEquals(
                List.of("+I[1]"), sql.query("SELECT COUNT(*) FROM t$files /*+ OPTIONS('scan.snapshot-id' = '1') */"));
        refusedWith("SNAPSHOT_NOT_FOUND", "9", "SELECT * FROM t$files /*+ OPTIONS('scan.snapshot-id' = '9') */");
        refusedWith(
                "UNKNOWN_OPTION", "scan.snapshot-id", "SELECT * FROM t$files /*+ OPTIONS('scan.snapshot' = '1') */");
        refusedWith(
                "BAD_OPTION_VALUE",
                "'scan.mode' cannot be set for a read of 't$files'",
                "SELECT * FROM t$files /*+ OPTIONS('scan.mode' = 'latest') */");
        refusedWith(
                "BAD_OPTION_VALUE",
                "'scan.snapshot-id' cannot be set for a read of 't$snapshots'",
                "SELECT * FROM t$snapshots /*+ OPTIONS('scan.snapshot-id' = '1') */");
        for (String nameless : List.of("$files", "$snapshots", "$options")) {
            assertTrue(refused("SELECT * FROM `" + nameless + "`").contains("'" + nameless + "' not found"));
            assertTrue(refused("DROP TABLE `" + nameless + "`").contains(nameless));
            refusedWith("BAD_NAME", nameless, "CREATE TABLE `" + nameless + "` (a INT)");
        }
    }

    /** Flink asks the catalog whether a table exists by reading it, and answers for itself if not. */
    @Test
    void missingTableIsNamedByFlinkItself() {
        assertTrue(refused("SELECT * FROM missing").contains("Object 'missing' not found"));
        assertTrue(refused("INSERT INTO missing VALUES (1)").contains("`lake`.`default`.`missing`"));
        assertTrue(refused("DROP TABLE missing").contains("lake.default.missing"));
        assertEquals(List.of("+I[1]"), sql.query("WITH missing AS (SELECT 1) SELECT * FROM missing"));
        sql.run("DROP TABLE IF EXISTS missing");
    }

    @Test
    void warehouseMustBeAUri() {
        Throwable error = assertThrows(Throwable.class, () -> sql.batch()
                .executeSql("CREATE CATALOG c WITH ('type' = 'streamhouse', 'warehouse' = 'nowhere')"));
        assertTrue(SqlSession.messages(error).contains("BAD_OPTION_VALUE"), SqlSession.messages(error));
        error = assertThrows(
                Throwable.class,
                () -> sql.batch()
                        .executeSql(
                                "CREATE CATALOG c WITH ('type' = 'streamhouse', 'warehouse' = 'file:///tmp/x', 'colour' = 'red')"));
        assertTrue(SqlSession.messages(error).contains("UNKNOWN_OPTION"), SqlSession.messages(error));
    }

    @Test
    void aPasswordInTheUriOfAWarehouseIsNotRepeated() {
        for (String options : List.of(
                "'warehouse' = 's3://user:cAnArY@bucket/x y'",
                "'warehouse' = 's3://user:cAn ArY@bucket'",
                "'warehouse' = 's3://user:cAnArY@bucket/{x}'",
                "'warehouse' = 's3:user:cAnArY@bucket'",
                "'warehouse' = 'user:cAnArY@bucket'",
                "'warehouse' = '//user:cAnArY@bucket'",
                "'warehouse' = 'ftp://user:cAnArY@bucket/x'",
                "'warehouse' = 'file:///tmp/x', 's3.session-tokn' = 'cAnArY'",
                "'warehouse' = 's3://user:cAnArY@bucket/x', 'colour' = 'red'")) {
            Throwable error = assertThrows(Throwable.class, () -> sql.batch()
                    .executeSql("CREATE CATALOG c WITH ('type' = 'streamhouse', " + options + ")"));
            StringWriter all = new StringWriter();
            error.printStackTrace(new PrintWriter(all));
            assertTrue(
                    all.toString().contains("BAD_OPTION_VALUE")
                            || all.toString().contains("UNKNOWN_OPTION"),
                    all::toString);
            assertFalse(all.toString().contains("ArY"), all::toString);
        }
    }

    @Test
    void aCatalogThatCannotBeOpenedDoesNotShowItsOptions() throws IOException {
        Path file = Files.createFile(warehouse.resolve("file"));
        Throwable error = assertThrows(Throwable.class, () -> sql.batch()
                .executeSql(
                        "CREATE CATALOG c WITH ('type' = 'streamhouse', 'warehouse' = '%s')".formatted(file.toUri())));
        StringWriter all = new StringWriter();
        error.printStackTrace(new PrintWriter(all));
        assertTrue(all.toString().contains(file.toString()), all::toString);
        assertFalse(all.toString().contains("type=streamhouse"), all::toString);
    }
}
