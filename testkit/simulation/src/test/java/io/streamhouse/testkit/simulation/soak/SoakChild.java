package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.testkit.simulation.Journal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One part in a process of its own, begun anew after every kill. What it prints goes to a file. */
final class SoakChild implements AutoCloseable {
    private static final String HEAP = "192m";

    private final Class<?> main;
    private final Part part;
    private final Journal.Reader heap;
    private Process process;
    private long kills;

    /** Length of the journal when the process began. */
    private long begunAt;

    private long seenBytes;
    private long seenNanos = System.nanoTime();
    private long lastHeapBytes;

    SoakChild(Class<?> main, Part part) {
        this.main = main;
        this.part = part;
        this.heap = new Journal.Reader(part.file(".heap"));
    }

    String name() {
        return part.name();
    }

    boolean isSteady() {
        return part.isSteady();
    }

    long kills() {
        return kills;
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(part.arguments()));
        begunAt = journalBytes();
        File log = part.file(".log").toFile();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /** Whether it has done anything since it began. */
    boolean hasMoved() throws IOException {
        return journalBytes() > begunAt;
    }

    /** Whether its journal, whoever wrote it, has not grown for so long. */
    boolean isStalled(Duration time) throws IOException {
        long bytes = journalBytes();
        if (bytes != seenBytes) {
            seenBytes = bytes;
            seenNanos = System.nanoTime();
        }
        return System.nanoTime() - seenNanos > time.toNanos();
    }

    private long journalBytes() throws IOException {
        return Files.exists(part.file(".journal")) ? Files.size(part.file(".journal")) : 0;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL, and the next process at once. */
    void kill() throws IOException, InterruptedException {
        kills++;
        process.destroyForcibly().waitFor();
        start();
    }

    /** Whether it has ended, and well. */
    boolean hasEndedWell() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    /** The end of what it printed. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(part.file(".log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    /** Resident memory. */
    long residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException e) {
            return 0; // no such file system, or the process has just gone
        }
        return 0;
    }

    /** Heap in use after its last measured collection. */
    long heapBytes() throws IOException {
        for (String[] line : heap.next()) {
            lastHeapBytes = Long.parseLong(line[0]);
        }
        return lastHeapBytes;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
