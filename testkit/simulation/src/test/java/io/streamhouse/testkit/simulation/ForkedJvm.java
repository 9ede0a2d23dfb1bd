package io.streamhouse.testkit.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs one class of this module; what it prints goes to a file. */
final class ForkedJvm implements AutoCloseable {
    private final Process process;
    private final Path output;

    ForkedJvm(Class<?> main, String heap, Path output, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        this.output = output;
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Waits for the end; anything but exit code 0 is a failure that shows what was printed. */
    void await(long timeoutSeconds) throws IOException, InterruptedException {
        if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
            throw new AssertionError("no end after %d s: %s".formatted(timeoutSeconds, printed()));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code %d: %s".formatted(process.exitValue(), printed()));
        }
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
