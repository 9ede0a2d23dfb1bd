package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.testkit.StoreKind;
import io.streamhouse.testkit.StoreRoot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a warehouse on HDFS, each in a process of its own, as a user starts them. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HdfsWarehouseTest {
    @TempDir
    Path directory;

    @Test
    void rowsThatSqlWroteToHdfsAreReadBack() throws Exception {
        Path script = Files.writeString(directory.resolve("script.sql"), """
                CREATE TABLE t (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('bucket' = '1');
                SET 'execution.runtime-mode' = 'batch';
                SET 'table.dml-sync' = 'true';
                INSERT INTO t VALUES (1, 'a'), (2, 'b');
                INSERT INTO t VALUES (2, 'c');
                SELECT * FROM t ORDER BY id;
                """);
        Answer answer = run("sql", "-f", script.toString());
        assertEquals(ExitCode.OK, answer.code(), answer.err() + answer.out());
        List<String> cells = answer.lines().stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.replaceAll("[ |]+", " ").strip())
                .toList();
        assertTrue(cells.containsAll(List.of("1 a", "2 c")), answer.out());
        assertTrue(cells.stream().noneMatch("2 b"::equals), answer.out());
    }

    @Test
    @Tag("full")
    void theDemoIsProved() throws Exception {
        assertProved(run("demo", "--scale=0.01", "--dir=" + directory.resolve("run")));
    }

    @Test
    @Tag("full")
    void theDemoIsProvedAlthoughItsClusterIsKilledFiveTimes() throws Exception {
        Answer answer = run("demo", "--crash", "--scale=0.01", "--dir=" + directory.resolve("run"));
        assertProved(answer);
        long kills =
                answer.lines().stream().filter(line -> line.startsWith("KILL ")).count();
        assertEquals(5, kills, answer.out());
    }

    private static void assertProved(Answer answer) {
        assertEquals(ExitCode.OK, answer.code(), answer.err() + answer.out());
        List<String> proof = answer.lines().stream()
                .filter(line -> line.startsWith("PROOF "))
                .toList();
        assertTrue(proof.size() > 10, answer.out());
        assertTrue(proof.stream().noneMatch(line -> line.endsWith(" FAIL")), answer.out());
        answer.lines().stream()
                .filter(line -> line.contains(" rows ") || line.contains(" checks, ") || line.startsWith("KILL "))
                .forEach(System.out::println);
    }

    private Answer run(String... arguments) throws IOException, InterruptedException {
        StoreRoot warehouse = StoreKind.HDFS.newRoot(directory);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1500m",
                "-Dstreamhouse.home=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                "io.streamhouse.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--warehouse", warehouse.uri().toString()));
        warehouse.options().forEach((key, value) -> command.addAll(List.of("--option", key + "=" + value)));
        File out = directory.resolve("out.txt").toFile();
        File err = directory.resolve("err.txt").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            int code = process.waitFor();
            return new Answer(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
        } finally {
            process.destroyForcibly();
        }
    }
}
