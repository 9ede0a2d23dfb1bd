package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.input.ChangeFile;
import io.streamhouse.cli.input.ChangeFiles;
import io.streamhouse.cli.input.SourceTable;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job, whole: real files, real jobs, the same proof as on the command line. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoTest {
    private static final long SEED = Long.getLong("streamhouse.seed", 42);

    @TempDir
    Path directory;

    private final StringWriter text = new StringWriter();

    @Test
    void theDemoAtASmallScaleIsProved() {
        Demo.Outcome outcome = demo(0.01, false, UnaryOperator.identity()).run();
        JsonNode report = outcome.report();
        assertTrue(outcome.holds(), text.toString());
        assertTrue(
                checks(report)
                        .containsAll(List.of(
                                "unread-at-update",
                                "job-id-through-correction",
                                Layers.DWD + ":wrong-rows-before-update",
                                Layers.DWD + ":update-before-images",
                                Layers.DWD + ":update-after-images",
                                Layers.DWD + ":update-changes",
                                Layers.DWD + ":wrong-rows-after-update")),
                report.toString());
        assertTrue(report.at("/input/events").asLong() >= 110_000, report.toString());
        assertTrue(report.at("/input/files/orders").asInt() >= 10, report.toString());
        assertTrue(report.at("/input/files/lineitem").asInt() >= 10, report.toString());
        for (String table : List.of("ods_orders", "ods_lineitem")) {
            assertTrue(report.at("/tables/" + table + "/commits").asInt() >= 10, report.toString());
            String line = "(?s).*\n%s +[0-9,]+ rows +%d snapshots  commit interval p50/p99 [0-9,]+/[0-9,]+ ms .*"
                    .formatted(
                            table, report.at("/tables/" + table + "/snapshots").asInt());
            assertTrue(text.toString().matches(line), text.toString());
        }
        for (String table : List.of(Layers.DWD, Layers.DWS)) {
            long read = checks(report).stream()
                    .filter(check -> check.startsWith(table + ":at-"))
                    .count();
            // twelve drawn ones and the two around the correction, of which some may be the same
            assertTrue(read
                            >= Math.min(
                                    12,
                                    report.at("/tables/" + table + "/snapshots").asLong())
                    && read <= 14);
            assertTrue(checks(report)
                    .containsAll(List.of(
                            table + ":live",
                            table + ":stopped",
                            table + ":replica",
                            table + ":snapshots-compared",
                            table + ":snapshots-around-correction")));
            assertTrue(report.at("/replicas/" + table + "/-U").asLong() > 0, report.toString());
        }
    }

    @Test
    void theDemoIsProvedAlthoughItsClusterIsKilledFiveTimes() {
        Demo.Outcome outcome = demo(0.01, true, UnaryOperator.identity()).run();
        JsonNode report = outcome.report();
        assertTrue(outcome.holds(), text.toString());
        List<String> kills =
                text.toString().lines().filter(line -> line.startsWith("KILL ")).toList();
        assertEquals(5, kills.size(), text.toString());
        for (String kill : kills) {
            String form = "KILL at=[0-9.]+s unread=[1-9][0-9]* lastCheckpoint=([1-9][0-9]*) restoredFrom=\\1";
            assertTrue(kill.matches(form), kill);
        }
        List<JsonNode> inCorrection = StreamSupport.stream(report.get("kills").spliterator(), false)
                .filter(kill -> !kill.get("moment").asText().equals("STREAM"))
                .toList();
        assertEquals(1, inCorrection.size(), report.toString());
        assertEquals("INTERRUPTED", inCorrection.get(0).get("hit").asText(), report.toString());
        assertTrue(checks(report).contains("kill-3:hit"), report.toString());
        assertTrue(checks(report).contains(Layers.DWD + ":update-before-images"), report.toString());
    }

    /** In a process of its own: the engine reads the switch once. */
    @ParameterizedTest
    @EnumSource(SabotageKind.class)
    void everyPlantedFaultIsFound(SabotageKind kind) throws Exception {
        String printed = sabotaged(kind, List.of());
        List<String> failed = failed(printed);
        if (kind == SabotageKind.LOST_COMMIT) {
            assertEquals(1, failed.size(), printed);
        }
        // what a subscription loses on its way to DWD is still in ODS
        assertTrue(
                kind != SabotageKind.DROP_CHANGE || failed.stream().noneMatch(line -> line.contains("PROOF ODS ods_")),
                printed);
    }

    @Test
    @Tag("full")
    void aPlantedFaultIsFoundAlthoughTheClusterIsKilledFiveTimes() throws Exception {
        String printed = sabotaged(SabotageKind.LOST_UPDATE, List.of("--crash"));
        assertEquals(5, printed.lines().filter(line -> line.startsWith("KILL ")).count(), printed);
        assertTrue(failed(printed).stream().noneMatch(line -> line.startsWith("PROOF CRASH ")), printed);
    }

    private static List<String> failed(String printed) {
        return printed.lines().filter(line -> line.endsWith(" FAIL")).toList();
    }

    /** Runs the demo with a fault, which it must find, and returns what it prints. */
    private String sabotaged(SabotageKind kind, List<String> further) throws Exception {
        Path out = directory.resolve("out.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1500m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.streamhouse.cli.Main",
                "demo",
                "--scale=0.002",
                "--seed=" + SEED,
                "--sabotage=" + kind.word(),
                "--dir=" + directory.resolve("run")));
        command.addAll(further);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int code;
        try {
            code = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(out);
        assertEquals(3, code, printed);
        String[] lines = printed.split("\n");
        assertTrue(lines[lines.length - 1].startsWith("PROOF "), printed);
        assertTrue(failed(printed).stream().anyMatch(line -> line.matches(finding(kind))), printed);
        return printed;
    }

    /** The check that must find a fault, as its PROOF line. */
    private static String finding(SabotageKind kind) {
        return switch (kind) {
            // the publisher itself may wait for the change that was lost
            case DROP_CHANGE -> "PROOF (DWD dwd_lineitem:live|ODS input-read) .*";
            case WRONG_ROW -> "PROOF ODS ods_lineitem:live expected=(rows:[0-9]+),.* actual=\\1,.*";
            case LOST_UPDATE -> "PROOF DWD dwd_lineitem:update-before-images .*";
            case LOST_COMMIT -> "PROOF (ODS|DWD|DWS) job expected=RUNNING actual=FAIL(ING|ED)\\(COMMIT_REFUSED:.*";
        };
    }

    @Test
    void anErrorOfTheJudgeItselfIsNoFailedProof() {
        Demo demo = demo(0.001, false, UnreadableRows::new);
        UncheckedIOException error = assertThrows(UncheckedIOException.class, demo::run, text::toString);
        assertEquals("the disk is gone", error.getMessage());
        assertTrue(text.toString().contains("all jobs are stopped"), text.toString());
        assertFalse(text.toString().contains("FAIL"), text.toString());
    }

    /** The right DWD has nothing to commit then unless more is shown, and the publisher waits for what does not come. */
    @Test
    @Tag("full") // drop-change of everyPlantedFaultIsFound comes here by chance only
    void aChangeThatIsLostBeforeTheSwapHoldsNobodyUp() {
        double scale = 0.002;
        ChangeFiles.Input input = ChangeFiles.write(directory.resolve("same"), scale, SEED);
        long lost = awaitedAtTheSwap(input);
        Demo.Outcome outcome =
                demo(scale, false, reads -> new LossyReads(reads, lost)).run();
        assertFalse(outcome.holds(), text.toString());
        assertEquals(
                List.of("ods_lineitem:changes"),
                StreamSupport.stream(outcome.report().get("proof").spliterator(), false)
                        .filter(line -> !line.get("ok").asBoolean())
                        .map(line -> line.get("check").asText())
                        .toList(),
                text.toString());
        assertTrue(text.toString().contains("still waiting for event " + lost + " of lineitem"), text.toString());
    }

    /** The last event of the first file of lineitem with which, when all others are held back, the swap is due. */
    private static long awaitedAtTheSwap(ChangeFiles.Input input) {
        long read = 0;
        for (Map.Entry<SourceTable, List<ChangeFile>> table : input.files().entrySet()) {
            if (table.getKey() != SourceTable.LINEITEM) {
                List<ChangeFile> files = table.getValue();
                double shown = Math.min(files.size() * Correction.ALLOWED_AT_SWAP, files.size() - 1);
                read += files.subList(0, Math.max(1, (int) Math.ceil(shown))).stream()
                        .mapToLong(ChangeFile::events)
                        .sum();
            }
        }
        for (ChangeFile file : input.files().get(SourceTable.LINEITEM)) {
            if (read >= Correction.DUE * input.events()) {
                return file.lastEvent();
            }
            read += file.events();
        }
        throw new AssertionError("never due");
    }

    /** Reads of which the publisher's subscription to lineitem loses one event. */
    private static final class LossyReads extends ForwardingReads {
        private final long lost;

        LossyReads(TableReads reads, long lost) {
            super(reads);
            this.lost = lost;
        }

        @Override
        public ReplicaFeed changes(String table, List<String> columns) {
            ReplicaFeed feed = super.changes(table, columns);
            if (!table.equals("ods_lineitem") || !columns.equals(List.of(SourceTable.EVENT_NUMBER))) {
                return feed;
            }
            return new ReplicaFeed() {
                @Override
                public boolean poll(Duration wait, ChangeConsumer consumer) throws IOException {
                    return feed.poll(wait, (commit, kind, row) -> {
                        if (kind.isRetraction() || (Long) row[0] != lost) {
                            consumer.accept(commit, kind, row);
                        }
                    });
                }

                @Override
                public long equalUpdates() {
                    return feed.equalUpdates();
                }

                @Override
                public void close() {
                    feed.close();
                }
            };
        }
    }

    /** Reads that see all but rows. */
    private static final class UnreadableRows extends ForwardingReads {
        UnreadableRows(TableReads reads) {
            super(reads);
        }

        @Override
        public void rows(String table, long snapshotId, Consumer<Object[]> consumer) {
            throw new UncheckedIOException("the disk is gone", new IOException("the disk is gone"));
        }
    }

    private abstract static class ForwardingReads implements TableReads {
        private final TableReads reads;

        ForwardingReads(TableReads reads) {
            this.reads = reads;
        }

        @Override
        public ReplicaFeed changes(String table, List<String> columns) {
            return reads.changes(table, columns);
        }

        @Override
        public ReplicaFeed changesFrom(String table, List<String> columns, long firstSnapshot) {
            return reads.changesFrom(table, columns, firstSnapshot);
        }

        @Override
        public void rows(String table, long snapshotId, Consumer<Object[]> consumer) {
            reads.rows(table, snapshotId, consumer);
        }

        @Override
        public List<SnapshotFacts> snapshots(String table) {
            return reads.snapshots(table);
        }

        @Override
        public Optional<SnapshotFacts> latest(String table) {
            return reads.latest(table);
        }

        @Override
        public FileTotals files(String table) {
            return reads.files(table);
        }

        @Override
        public void close() {
            reads.close();
        }
    }

    @Test
    void noStatementNeedsANormalisationOrAMaterializer() {
        RunDirectory run = RunDirectory.claim(directory.resolve("plan"));
        try (EmbeddedFlink flink = EmbeddedFlink.start(run, 2)) {
            TableEnvironment session = flink.streaming();
            WarehouseCatalog.parse(directory.resolve("warehouse").toString(), Map.of())
                    .statements()
                    .forEach(session::executeSql);
            Layers layers = new Layers("plan", run.directory("input"));
            layers.tableDefinitions().forEach(session::executeSql);
            layers.sourceDefinitions().forEach(session::executeSql);
            for (Layer layer : Layer.values()) {
                for (DwdLogic logic : DwdLogic.values()) {
                    StatementSet statements = session.createStatementSet();
                    List<String> inserts = layers.inserts(layer, logic);
                    inserts.forEach(statements::addInsertSql);
                    assertPlain(layer.name(), statements.explain() + inserts);
                }
            }
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

    private Demo demo(double scale, boolean crash, UnaryOperator<TableReads> doors) {
        RunDirectory run = RunDirectory.claim(directory.resolve("run"));
        WarehouseCatalog warehouse =
                WarehouseCatalog.parse(run.path().resolve("warehouse").toString(), Map.of());
        DemoOptions options = new DemoOptions(scale, SEED, warehouse, run, Optional.empty(), crash);
        return new Demo(options, new PrintWriter(text, true), doors);
    }

    private static List<String> checks(JsonNode report) {
        return StreamSupport.stream(report.get("proof").spliterator(), false)
                .map(line -> line.get("check").asText())
                .toList();
    }
}
