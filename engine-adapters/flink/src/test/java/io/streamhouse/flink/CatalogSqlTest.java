package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
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
        refusedWith("BAD_OPTION_VALUE", "not available yet", "CREATE TABLE t (a INT) WITH ('file.format' = 'orc')");
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
        refusedWith("BAD_NAME", "t$options", "INSERT INTO t$options VALUES ('a', 'b')");
        assertTrue(refused("INSERT INTO t VALUES ('x', 1)").contains("different number of columns")
                || refused("INSERT INTO t VALUES ('x', 1)").contains("Column types"));
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
}
