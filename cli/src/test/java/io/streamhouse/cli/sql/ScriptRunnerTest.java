package io.streamhouse.cli.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.failure.Failure;
import io.streamhouse.cli.failure.ScriptException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptRunnerTest {
    @TempDir
    static Path directory;

    private static EmbeddedFlink flink;

    private final StringWriter text = new StringWriter();

    @BeforeAll
    static void start() {
        flink = EmbeddedFlink.start(RunDirectory.claim(directory.resolve("run")), 2);
    }

    @AfterAll
    static void stop() {
        flink.close();
    }

    @Test
    void batchResultsPrintAsTables() {
        run("SET 'execution.runtime-mode' = 'batch';"
                + "SELECT name, n FROM (VALUES ('a', 1), ('bcd', CAST(NULL AS INT))) AS t(name, n) ORDER BY name;");
        String table = """
                +------+--------+
                | name |      n |
                +------+--------+
                |    a |      1 |
                |  bcd | <NULL> |
                +------+--------+
                2 rows in set
                """;
        assertTrue(text.toString().contains(table), text.toString());
    }

    @Test
    void anInsertInBatchModeIsFinishedWhenTheNextStatementRuns() throws IOException {
        Path out = directory.resolve("out");
        run("SET 'execution.runtime-mode' = 'batch';\n"
                + "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '%s');"
                        .formatted(out.toUri())
                + "INSERT INTO numbers SELECT * FROM (VALUES (1), (2), (39)) AS t(n);"
                + "SELECT SUM(n) AS total FROM numbers;");
        assertTrue(text.toString().contains("|    42 |"), text.toString());
        try (Stream<Path> files = Files.list(out)) {
            assertTrue(files.findAny().isPresent());
        }
    }

    @Test
    void aStreamingInsertIsAwaitedAtTheEndAndItsFailureIsTheScripts() {
        String source = "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3',"
                + " 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '2');"
                + "CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole');";
        run(source + "INSERT INTO nowhere SELECT n FROM numbers;");
        assertTrue(text.toString().contains("submitted"), text.toString());
        ScriptException failed = assertThrows(
                ScriptException.class,
                () -> run("SET 'restart-strategy.type' = 'none';\n" + source
                        + "\nINSERT INTO nowhere\nSELECT 1 / n FROM numbers;"));
        String line = Failure.of(failed).line();
        assertTrue(line.contains("statement 4 at line 3") && line.contains("by zero"), line);
    }

    @Test
    void streamsPrintEveryChangeWithItsKind() {
        run("SELECT COUNT(*) AS n FROM (VALUES (1), (2)) AS t(n);");
        assertTrue(text.toString().contains("| op |"), text.toString());
        assertTrue(text.toString().contains("| +U |") && text.toString().contains("| -U |"), text.toString());
    }

    @Test
    void theFirstFailingStatementEndsTheScriptAndIsNamed() {
        ScriptException failed = assertThrows(
                ScriptException.class,
                () -> run("SHOW TABLES;\n\n-- a comment\nSELECT *\nFROM missing;\nCREATE TABLE later (a INT);"));
        Failure failure = Failure.of(failed);
        assertEquals("SQL", failure.code());
        assertTrue(failure.message().startsWith("statement 2 at line 4: "), failure.message());
        assertTrue(failure.message().contains("'missing' not found"), failure.message());
        assertFalse(failure.message().contains("\n"));
        assertFalse(text.toString().contains("later"), text.toString());
    }

    @Test
    void setAndResetAndStatementSetsWork() {
        run("SET 'execution.runtime-mode' = 'batch';\n"
                + "CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole');"
                + "EXECUTE STATEMENT SET BEGIN INSERT INTO nowhere VALUES (1); INSERT INTO nowhere VALUES (2); END;"
                + "RESET 'execution.runtime-mode';"
                + "EXPLAIN SELECT * FROM (VALUES (1)) AS t(n);"
                + "SHOW TABLES;");
        String printed = text.toString();
        assertTrue(printed.contains("finished"), printed);
        assertTrue(printed.contains("== Optimized Execution Plan =="), printed);
        assertTrue(printed.contains("|    nowhere |"), printed);
    }

    @Test
    void anEndlessJobDoesNotHideTheFailureOfALaterOne() {
        String script = "SET 'restart-strategy.type' = 'none';\n"
                + "CREATE TABLE endless (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1');"
                + "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3',"
                + " 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '2');"
                + "CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole');"
                + "INSERT INTO nowhere SELECT n FROM endless;"
                + "INSERT INTO nowhere SELECT 1 / n FROM numbers;";
        ScriptException failed = assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThrows(ScriptException.class, () -> run(script)));
        assertTrue(failed.getMessage().startsWith("statement 6 "), failed.getMessage());
    }

    @Test
    void theFailureOfAStreamingJobStopsTheStatementsBehindIt() {
        String script = "SET 'restart-strategy.type' = 'none';\n"
                + "CREATE TABLE endless (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '10');"
                + "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'number-of-rows' = '3',"
                + " 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '2');"
                + "CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole');"
                + "INSERT INTO nowhere SELECT 1 / n FROM numbers;"
                + "SELECT n FROM endless;"
                + "SHOW TABLES;";
        ScriptException failed = assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThrows(ScriptException.class, () -> run(script)));
        String line = Failure.of(failed).line();
        assertTrue(line.contains("statement 5 at line 2") && line.contains("by zero"), line);
        assertFalse(text.toString().contains("> SHOW TABLES"), text.toString());
    }

    @Test
    void aBatchInsertThatIsNotAwaitedIsOnlySubmitted() {
        run("SET 'execution.runtime-mode' = 'batch'; SET 'table.dml-sync' = 'false';"
                + "CREATE TABLE nowhere (n INT) WITH ('connector' = 'blackhole');"
                + "INSERT INTO nowhere VALUES (1);");
        assertTrue(text.toString().contains("submitted"), text.toString());
        assertFalse(text.toString().contains("finished"), text.toString());
    }

    private void run(String script) {
        List<Statement> statements = StatementSplitter.split(script);
        try (ScriptRunner runner = new ScriptRunner(flink, new PrintWriter(text))) {
            runner.run(statements);
        }
    }
}
