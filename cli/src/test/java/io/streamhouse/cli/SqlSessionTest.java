package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code sql} without a script: Flink's client in a process of its own, fed by a pipe and by a terminal. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqlSessionTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    Path directory;

    private Process started;
    private final StringBuilder seen = new StringBuilder();

    @BeforeEach
    void makeDirectories() throws IOException {
        Files.createDirectories(directory.resolve("tmp"));
        // as the script does: the file must be there when Flink's planner looks for it
        Files.createFile(Files.createDirectories(directory.resolve("conf")).resolve("config.yaml"));
    }

    /** A test that ran out of time leaves it, and is still reading from it. */
    @AfterEach
    void endProcess() {
        started.descendants().forEach(ProcessHandle::destroyForcibly);
        started.destroyForcibly();
    }

    @Test
    void statementsFromAPipeRunAndAnErrorDoesNotEndTheSession() throws Exception {
        Process process = start(command());
        String printed;
        try (OutputStream in = process.getOutputStream()) {
            in.write("""
                    CREATE TABLE t (id BIGINT NOT NULL, PRIMARY KEY (id) NOT ENFORCED);
                    SELECT * FROM absent;
                    SHOW TABLES;
                    QUIT;
                    """.getBytes(StandardCharsets.UTF_8));
        }
        printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertTrue(printed.contains("Object 'absent' not found"), printed);
        assertTrue(printed.contains("|          t |"), printed);
        assertNothingLeft();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTerminalSessionShowsResultsAndEndsCleanlyWithAJobRunning() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "util-linux is not installed");
        String quoted = command().stream()
                .map(word -> "'" + word + "'")
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
        Process process =
                start(List.of(SCRIPT.toString(), "-qefc", "stty cols 120 rows 40; exec " + quoted, "/dev/null"));
        InputStream out = process.getInputStream();
        OutputStream in = process.getOutputStream();
        awaitText(out, "history file path");
        awaitText(out, "Flink SQL");
        type(in, "CREATE TABLE t (id BIGINT NOT NULL, v STRING, PRIMARY KEY (id) NOT ENFORCED);");
        awaitText(out, "[INFO] Execute statement succeeded");
        type(in, "SELECT * FROM absent;");
        awaitText(out, "Object 'absent' not found");
        type(in, "SET 'execution.runtime-mode' = 'batch';");
        awaitText(out, "[INFO] Execute statement succeeded");
        type(in, "SET 'table.dml-sync' = 'true';");
        awaitText(out, "[INFO] Execute statement succeeded");
        type(in, "INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        awaitText(out, "Complete execution of the SQL update statement");
        type(in, "SELECT * FROM t;");
        awaitText(out, "|  2 | two |");
        awaitText(out, "2 rows in set");
        type(in, "RESET;");
        awaitText(out, "[INFO] Execute statement succeeded");
        type(in, "CREATE TEMPORARY TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1');");
        awaitText(out, "[INFO] Execute statement succeeded");
        type(in, "INSERT INTO t SELECT n, 'more' FROM g;");
        awaitText(out, "Job ID");
        type(in, "QUIT;");
        awaitText(out, "Shutting down the session...");
        while (out.read() >= 0) {
            // up to its end
        }
        assertEquals(0, process.waitFor(), seen.toString());
        String history = Files.readString(directory.resolve(".streamhouse/sql-history"));
        assertTrue(history.contains("INSERT INTO t SELECT n"), history);
        assertNothingLeft();
    }

    private static void type(OutputStream in, String line) throws IOException {
        in.write((line + "\r").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Reads until a text has come, and forgets all up to its end. */
    private void awaitText(InputStream out, String text) throws IOException {
        int found;
        byte[] buffer = new byte[8192];
        while ((found = seen.indexOf(text)) < 0) {
            int length = out.read(buffer);
            assertTrue(length >= 0, () -> "ended before '" + text + "': " + seen);
            seen.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        }
        seen.delete(0, found + text.length());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx700m");
        command.add("-Dstreamhouse.home=" + directory);
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.streamhouse.cli.Main");
        command.add("sql");
        command.add("--warehouse");
        command.add(directory.resolve("warehouse").toString());
        return command;
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FLINK_CONF_DIR", directory.resolve("conf").toString());
        builder.environment().put("TERM", "xterm");
        started = builder.start();
        return started;
    }

    private void assertNothingLeft() throws IOException {
        for (String name : List.of("tmp", ".streamhouse/sql")) {
            try (Stream<Path> left = Files.list(directory.resolve(name))) {
                assertEquals(List.of(), left.toList());
            }
        }
        String own = directory.toString();
        assertFalse(ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .anyMatch(process -> process.info().commandLine().orElse("").contains("home=" + own)));
    }
}
