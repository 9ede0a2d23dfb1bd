package io.streamhouse.bundle;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own with its own temporary directory; its output goes to a file. Killed at the latest by close. */
final class ChildJvm implements AutoCloseable {
    /** Exit code of a process that SIGKILL ended. */
    static final int KILLED = 137;

    private static final long EXIT_SECONDS = 20;

    private final String name;
    private final Process process;
    private final Path output;

    private ChildJvm(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a JVM.
     *
     * @param name what messages call it; unique in the directory
     * @param heapMebibytes size of its heap
     * @param arguments main class and its arguments
     */
    static ChildJvm start(
            Path directory, String name, int heapMebibytes, List<Path> classPath, Path conf, List<String> arguments)
            throws IOException {
        Path tmp = Files.createDirectories(directory.resolve("tmp-" + name));
        Path output = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + tmp,
                "-Dlog4j.configurationFile=" + conf.resolve("log4j.properties"),
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("FLINK_") || key.startsWith("HADOOP_"));
        environment.put("FLINK_CONF_DIR", conf.toString());
        Process process = builder.start();
        // when the tests themselves are ended
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ChildJvm(name, process, output);
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process by SIGKILL and returns its exit code. */
    int kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " survived SIGKILL for " + EXIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** The last lines that the process wrote. */
    String tail() {
        try {
            List<String> lines = Files.readAllLines(output);
            return name + ":\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return name + ": " + e;
        }
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
