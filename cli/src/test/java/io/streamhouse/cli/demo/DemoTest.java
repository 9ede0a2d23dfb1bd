package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job, whole: real files, real jobs, the same proof as on the command line. */
class DemoTest {
    private static final long SEED = Long.getLong("streamhouse.seed", 42);

    @TempDir
    Path directory;

    private final StringWriter text = new StringWriter();

    @Test
    void theDemoAtASmallScaleIsProved() {
        Demo.Outcome outcome = run(0.01);
        JsonNode report = outcome.report();
        assertTrue(outcome.holds(), text.toString());
        assertTrue(report.at("/input/events").asLong() >= 110_000, report.toString());
        assertTrue(report.at("/input/files/orders").asInt() >= 10, report.toString());
        assertTrue(report.at("/input/files/lineitem").asInt() >= 10, report.toString());
        for (String table : List.of("ods_orders", "ods_lineitem")) {
            assertTrue(report.at("/tables/" + table + "/commits").asInt() >= 10, report.toString());
        }
        for (String table : List.of(Layers.DWD, Layers.DWS)) {
            long read = checks(report).stream()
                    .filter(check -> check.startsWith(table + ":at-"))
                    .count();
            assertEquals(
                    Math.min(12, report.at("/tables/" + table + "/snapshots").asLong()), read);
            assertTrue(checks(report).containsAll(List.of(table + ":live", table + ":stopped", table + ":replica")));
            assertTrue(report.at("/replicas/" + table + "/-U").asLong() > 0, report.toString());
        }
    }

    /** In a process of its own: the engine reads the switch once. */
    @ParameterizedTest
    @EnumSource(SabotageKind.class)
    void everyPlantedFaultIsFound(SabotageKind kind) throws Exception {
        Path out = directory.resolve("out.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1500m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.streamhouse.cli.Main",
                        "demo",
                        "--scale=0.002",
                        "--seed=" + SEED,
                        "--sabotage=" + kind.word(),
                        "--dir=" + directory.resolve("run"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int code = process.waitFor();
        String printed = Files.readString(out);
        assertEquals(3, code, printed);
        String[] lines = printed.split("\n");
        assertTrue(lines[lines.length - 1].startsWith("PROOF "), printed);
        assertTrue(printed.contains(" FAIL\n"), printed);
    }

    @Test
    void noStatementNeedsANormalisationOrAMaterializer() {
        RunDirectory run = RunDirectory.claim(directory.resolve("plan"));
        try (EmbeddedFlink flink = EmbeddedFlink.start(run, 2)) {
            TableEnvironment session = flink.streaming();
            WarehouseCatalog.parse(directory.resolve("warehouse").toString())
                    .statements()
                    .forEach(session::executeSql);
            Layers layers = new Layers("plan", run.directory("input"));
            layers.tableDefinitions().forEach(session::executeSql);
            layers.sourceDefinitions().forEach(session::executeSql);
            layers.inserts().forEach((layer, inserts) -> {
                StatementSet statements = session.createStatementSet();
                inserts.forEach(statements::addInsertSql);
                assertPlain(layer, statements.explain() + inserts);
            });
            assertFalse(session.getConfig().toMap().containsKey("table.exec.sink.require-on-conflict"));
        }
    }

    private static void assertPlain(String layer, String plan) {
        for (String word :
                List.of("ChangelogNormalize", "upsertMaterialize", "SinkUpsertMaterializer", "ON CONFLICT")) {
            assertFalse(plan.contains(word), layer + " needs " + word + ": " + plan);
        }
        assertTrue(plan.contains("Sink("), plan);
    }

    private Demo.Outcome run(double scale) {
        RunDirectory run = RunDirectory.claim(directory.resolve("run"));
        WarehouseCatalog warehouse =
                WarehouseCatalog.parse(run.path().resolve("warehouse").toString());
        DemoOptions options = new DemoOptions(scale, SEED, warehouse, run, Optional.empty());
        return new Demo(options, new PrintWriter(text, true)).run();
    }

    private static List<String> checks(JsonNode report) {
        return StreamSupport.stream(report.get("proof").spliterator(), false)
                .map(line -> line.get("check").asText())
                .toList();
    }
}
