package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job's process is stopped by the operating system between a complete checkpoint and the put of its snapshot; a
 * successor in another process goes on from the job's checkpoints; then the old process runs on as if nothing had been.
 */
@DisabledOnOs(OS.WINDOWS)
class StalledJobTest {
    @TempDir
    Path scratch;

    private final List<Child> children = new ArrayList<>();
    private Path warehouse;
    private JavaTable source;
    private JavaTable target;
    private int next;

    @BeforeEach
    void open() throws IOException {
        warehouse = scratch.resolve("warehouse");
        TableSchema schema = TableSchema.create(
                List.of(new Field(1, "a", DataType.integer(), true)), List.of(), List.of(), List.of(), 4, Map.of());
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            catalog.createDatabase("default", false);
            catalog.createTable(TableName.of("default", "src"), schema);
            catalog.createTable(TableName.of("default", "dst"), schema);
        }
        source = new JavaTable(warehouse, "src");
        target = new JavaTable(warehouse, "dst");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        for (Child child : children) {
            child.process.destroyForcibly().waitFor();
        }
        source.close();
        target.close();
    }

    /** A process with one copying job. */
    private final class Child {
        private final Path control;
        private final Process process;

        Child(String name, int gate, boolean fenced) throws IOException {
            control = Files.createDirectories(scratch.resolve(name));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-D" + TestCluster.RETAINED_CHECKPOINTS + "=10000",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CopyJobProcess.class.getName(),
                    warehouse.toString(),
                    scratch.resolve("checkpoints").toString(),
                    control.toString(),
                    Integer.toString(gate),
                    Boolean.toString(fenced)));
            process = new ProcessBuilder(command)
                    .redirectOutput(control.resolve("out").toFile())
                    .redirectError(control.resolve("err").toFile())
                    .start();
            children.add(this);
        }

        void start(String restored) throws IOException {
            Path half = Files.writeString(control.resolve("start.tmp"), restored);
            Files.move(half, control.resolve(CopyJobProcess.START));
        }

        String out() throws IOException {
            return Files.readString(control.resolve("out"));
        }

        /** Waits; the end of the process ends the wait. */
        void await(String what, java.util.concurrent.Callable<Boolean> condition) throws Exception {
            Jobs.await(what, () -> {
                boolean holds = condition.call();
                if (!holds && !process.isAlive()) {
                    throw new AssertionError("waiting until " + what + " the process ended: " + out()
                            + Files.readString(control.resolve("err")));
                }
                return holds;
            });
        }

        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertEquals(0, kill.waitFor(), "kill -" + name);
        }

        /** Whether the operating system has stopped it. */
        boolean isStopped() throws IOException {
            Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(process.pid())).start();
            return new String(ps.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .trim()
                    .startsWith("T");
        }

        /** Waits for the failure of its job; what it said. */
        String failure() throws Exception {
            await("the job fails", () -> out().contains("FAILED "));
            return out();
        }
    }

    private void feed() throws IOException {
        for (int i = 0; i < 5; i++) {
            source.insert(next++);
        }
        source.commit();
    }

    private void awaitAll(Child child) throws Exception {
        List<String> all =
                IntStream.range(0, next).mapToObj(i -> "(" + i + ")").sorted().toList();
        child.await("the target has " + next + " rows", () -> target.texts().equals(all));
    }

    /** Complete checkpoints of the old job, the newest first. */
    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> all = Files.walk(scratch.resolve("checkpoints"), 2)) {
            return all.filter(p -> Files.exists(p.resolve("_metadata")))
                    .sorted(Comparator.comparingLong(
                            p -> -Long.parseLong(p.getFileName().toString().substring("chk-".length()))))
                    .toList();
        }
    }

    /**
     * Stops the old job before its second commit, starts the successor and lets the old one run on.
     *
     * @param stateHoldsTheDelta whether the successor starts from the checkpoint whose delta the old job holds, or from
     *     the one before it
     * @param fenced false to leave the fence out of the old job's rules
     */
    private void stall(boolean stateHoldsTheDelta, boolean fenced) throws Exception {
        Child old = new Child("old", 2, fenced);
        Child successor = new Child("successor", 0, true);
        old.start("");
        feed();
        awaitAll(old);
        feed();
        old.await("the old job is at the gate", () -> Files.exists(old.control.resolve(CopyJobProcess.AT_GATE)));
        old.signal("STOP");
        Jobs.await("the old process is stopped", old::isStopped);
        // from here on nothing but the signal holds it
        Files.createFile(old.control.resolve(CopyJobProcess.GATE_OPEN));
        successor.start(checkpoints().get(stateHoldsTheDelta ? 0 : 1).toUri().toString());
        awaitAll(successor);
        assertTrue(old.isStopped(), "the old process is stopped until the successor has committed");
        assertTrue(old.out().contains("commits=1 alreadyCommitted=0"), old.out());

        old.signal("CONT");
        if (stateHoldsTheDelta) {
            old.await(
                    "the old job finds its delta committed",
                    () -> old.out().contains("alreadyCommitted=1") || old.out().contains("FAILED "));
            assertTrue(!old.out().contains("FAILED "), old.out());
            awaitAll(successor);
            feed();
        }
        String said = old.failure();
        assertTrue(said.contains("WRITER_FENCED"), said);
        assertTrue(said.contains("attempts=0 commits=1 alreadyCommitted=" + (stateHoldsTheDelta ? 1 : 0)), said);
        assertTrue(!said.contains("attempts=1"), "the old job was started again: " + said);
        awaitAll(successor);
        feed();
        awaitAll(successor);
        assertTrue(successor.process.isAlive() && !successor.out().contains("attempts=1"), successor.out());
    }

    @Test
    void whatTheSuccessorCommittedIsAlreadyCommittedAndTheNextDeltaIsFenced() throws Exception {
        stall(true, true);
    }

    @Test
    void deltaThatTheSuccessorsStateDidNotHoldIsFencedAtOnce() throws Exception {
        stall(false, true);
    }

    @Test
    void withoutTheFenceTheTestWouldFail() {
        AssertionError error = assertThrows(AssertionError.class, () -> stall(false, false));
        assertTrue(error.getMessage().contains("COMMIT_REFUSED"), error.getMessage());
    }
}
