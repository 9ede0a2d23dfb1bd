package io.streamhouse.testkit.simulation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs one class of this module. It prints a line when it is ready and begins when it gets one. */
final class ForkedJvm implements AutoCloseable {
    static final String READY = "ready";

    private final Process process;
    private final BufferedReader printed;

    ForkedJvm(Class<?> main, String heap, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        this.printed = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** In the forked JVM: says that it is ready and waits for the beginning. */
    static void awaitBeginning() throws IOException {
        System.out.println(READY);
        if (System.in.read() < 0) {
            throw new IOException("the parent has gone");
        }
    }

    void awaitReady() throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = printed.readLine(); !READY.equals(line); line = printed.readLine()) {
            if (line == null) {
                throw new AssertionError("ended before it was ready: " + before);
            }
            before.append(line).append('\n');
        }
    }

    void begin() throws IOException {
        OutputStream in = process.getOutputStream();
        in.write('\n');
        in.flush();
    }

    /** Waits for the end and gives what was printed; anything but exit code 0 is a failure that shows it. */
    String await() throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder();
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
            out.append(line).append('\n');
        }
        if (process.waitFor() != 0) {
            throw new AssertionError("exit code %d: %s".formatted(process.exitValue(), out));
        }
        return out.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
