package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    @TempDir
    Path warehouse;

    private StreamTableEnvironment stream;

    @BeforeEach
    void open() {
        SqlSession sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE orders (id BIGINT, cust INT, price DECIMAL(15, 2), PRIMARY KEY (id) NOT ENFORCED)");
        sql.run("CREATE TABLE items (id BIGINT, line INT, qty INT, PRIMARY KEY (id, line) NOT ENFORCED)"
                + " WITH ('bucket-key' = 'id')");
        sql.run("CREATE TABLE wide (id BIGINT, line INT, cust INT, qty INT, PRIMARY KEY (id, line) NOT ENFORCED)");
        sql.run("CREATE TABLE sums (cust INT, total DECIMAL(38, 2), PRIMARY KEY (cust) NOT ENFORCED)");
        sql.run("CREATE TABLE log (id BIGINT, cust INT)");
        stream = sql.stream(2, Map.of());
        stream.executeSql("CREATE TEMPORARY TABLE gen (id BIGINT, cust INT, price DECIMAL(15, 2))"
                + " WITH ('connector' = 'datagen', 'rows-per-second' = '10')");
    }

    @Test
    void statementsBetweenTablesNeedNoNormalisation() {
        for (String statement : List.of(
                "INSERT INTO orders SELECT * FROM gen",
                "INSERT INTO wide SELECT i.id, i.line, o.cust, i.qty FROM items i JOIN orders o ON i.id = o.id",
                "INSERT INTO sums SELECT cust, SUM(price) FROM orders GROUP BY cust",
                "INSERT INTO orders SELECT * FROM orders",
                "INSERT INTO log SELECT id, cust FROM gen")) {
            String plan = stream.explainSql(statement, ExplainDetail.CHANGELOG_MODE);
            assertFalse(plan.contains("ChangelogNormalize"), plan);
            assertFalse(plan.contains("UpsertMaterialize"), plan);
            assertFalse(plan.contains("upsertMaterialize=[true]"), plan);
        }
        String read = stream.explainSql("SELECT * FROM orders", ExplainDetail.CHANGELOG_MODE);
        assertTrue(read.contains("changelogMode=[I,UB,UA,D]"), read);
        // the rule is worth something only if the other shape shows what it avoids
        String upserts = stream.explainSql(
                "SELECT * FROM orders /*+ OPTIONS('changelog.shape' = 'upsert') */", ExplainDetail.CHANGELOG_MODE);
        assertTrue(upserts.contains("ChangelogNormalize"), upserts);
    }

    @Test
    void appendTableTakesNoChanges() {
        Throwable error = org.junit.jupiter.api.Assertions.assertThrows(
                Throwable.class, () -> stream.explainSql("INSERT INTO log SELECT id, cust FROM orders"));
        assertTrue(SqlSession.messages(error).contains("doesn't support consuming update"), SqlSession.messages(error));
    }

    @Test
    void projectionsAndFiltersReachTheSource() {
        String plan = stream.explainSql("SELECT cust FROM wide WHERE qty > 10 AND id = 3");
        assertTrue(plan.contains("project=[") && plan.contains("filter=["), plan);
    }
}
