package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.flink.sink.SinkHooks;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that is dropped and made anew while a statement runs gets nothing of what was meant for the old one. */
class TableMadeAnewSqlTest {
    private static final TableName T = TableName.of("default", "t");

    @TempDir
    Path warehouse;

    private final SinkHooks hooks = SinkHooks.install();
    private final AtomicInteger made = new AtomicInteger();
    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED)");
        sql.run("INSERT INTO t VALUES (1, 10), (2, 20)");
    }

    @AfterEach
    void letGo() {
        hooks.close();
    }

    private void makeAnew() {
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            Table old = catalog.table(T);
            TableSchema schema = old.schema();
            catalog.dropTable(T, false);
            catalog.createTable(T, schema);
            made.incrementAndGet();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES (3, 30)",
                "INSERT OVERWRITE t VALUES (3, 30)",
                "UPDATE t SET v = v + 1",
                "DELETE FROM t WHERE k = 1"
            })
    void aStatementForTheOldTableIsRefused(String statement) {
        hooks.beforeCommit((table, identifier) -> makeAnew());
        Throwable error = assertThrows(Throwable.class, () -> sql.run(statement));
        assertTrue(SqlSession.messages(error).contains("was dropped and made anew"), SqlSession.messages(error));
        assertEquals(1, made.get(), "once, and nothing was repeated");
        assertEquals(List.of(), sql.query("SELECT * FROM t"));
    }

    /** What is planned afterwards is for the new one. */
    @Test
    void aStatementForTheNewTableCommits() {
        makeAnew();
        sql.run("INSERT INTO t VALUES (3, 30)");
        assertEquals(List.of("+I[3, 30]"), sql.query("SELECT * FROM t"));
    }
}
