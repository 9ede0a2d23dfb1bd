package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse on S3 through the command line: SQL, and the commands that look into it. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3WarehouseTest {
    private static final String ACCESS_KEY = "canary-access-key";
    private static final String SECRET_KEY = "canary-secret-key";
    private static final String WAREHOUSE = "s3://bucket/ware%20house";

    @TempDir
    Path directory;

    @Test
    void aTableOnS3IsWrittenReadAndLookedAtAndNoSecretIsShownOrKept() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                "s3-server",
                "io.streamhouse.testkit.s3server.S3ServerMain",
                "256m",
                List.of("memory", ACCESS_KEY, SECRET_KEY, "bucket"))) {
            String endpoint = server.uri().toString();
            Path script = Files.writeString(directory.resolve("script.sql"), """
                    SET 'execution.runtime-mode' = 'batch';
                    CREATE TABLE t (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('bucket' = '1');
                    INSERT INTO t VALUES (1, 'one'), (2, 'two');
                    INSERT INTO t VALUES (2, 'TWO'), (3, 'three');
                    SELECT * FROM t ORDER BY id;
                    SHOW CREATE TABLE t;
                    SHOW CREATE CATALOG streamhouse;
                    DESCRIBE CATALOG EXTENDED streamhouse;
                    EXPLAIN JSON_EXECUTION_PLAN INSERT INTO t SELECT id + 1, v FROM t;
                    SELECT * FROM t$options;
                    SET;
                    CALL sys.verify('default.t');
                    CALL sys.remove_orphan_files('default.t', '7 d', true);
                    """);
            Answer sql = inProcessOfItsOwn(with(endpoint, "sql", "-f", script.toString()));
            assertEquals(ExitCode.OK, sql.code(), sql.toString());
            assertTrue(sql.out().contains("TWO") && !sql.out().contains("two |"), sql.out());
            assertTrue(sql.out().contains("'s3.endpoint' = ") && sql.out().contains("Committer"), sql.out());

            Answer tables = Answer.of(with(endpoint, "tables"));
            assertEquals(ExitCode.OK, tables.code(), tables.toString());
            assertTrue(tables.out().contains("default.t"), tables.out());
            Answer tail = Answer.of(with(endpoint, "tail", "t", "--limit", "4"));
            assertEquals(4, tail.lines().size(), tail.toString());
            assertTrue(tail.out().contains("+I (1, one)"), tail.out());

            Answer typo = Answer.of(with(endpoint, "tables", "--option", "s3.acces-key=canary-typo"));
            assertEquals(ExitCode.FAILURE, typo.code());
            assertTrue(typo.err().contains("UNKNOWN_OPTION") && typo.err().contains("'s3.access-key'"), typo.err());
            Answer elsewhere = Answer.of(
                    "tables",
                    "--warehouse",
                    "s3://nowhere/x",
                    "--option",
                    "s3.endpoint=" + endpoint,
                    "--option",
                    "s3.access-key=" + ACCESS_KEY,
                    "--option",
                    "s3.secret-key=" + SECRET_KEY);
            assertTrue(
                    elsewhere.err().contains("BAD_OPTION_VALUE")
                            && elsewhere.err().contains("'nowhere'"),
                    elsewhere.err());
            List<Answer> answers = new ArrayList<>(List.of(sql, tables, tail, typo, elsewhere));
            answers.add(found(ExitCode.OK, "sound", with(endpoint, "verify", "t", "--deep")));
            answers.add(found(ExitCode.OK, "would be deleted", with(endpoint, "clean", "t", "--dry-run")));
            answers.addAll(errorsOfAStoreThatRefuses(endpoint));
            // a failed run keeps its log
            Path wrong = Files.writeString(directory.resolve("wrong.sql"), "INSERT INTO t SELECT id, v FROM t;");
            for (String other : List.of(endpoint, "http://127.0.0.1:1")) {
                Answer failed = inProcessOfItsOwn(withKey(other, "canary-wrong-key", "sql", "-f", wrong.toString()));
                assertEquals(ExitCode.FAILURE, failed.code(), failed.toString());
                assertTrue(failed.err().contains("log: "), failed.toString());
                answers.add(failed);
            }
            for (Answer answer : answers) {
                assertNoSecret(answer);
            }
            assertNoSecretOnDisk();
            assertNoSecretIn(endpoint);
        }
    }

    @Test
    void aSecretInAnAnswerOrAFileIsSeen() throws IOException {
        assertThrows(AssertionError.class, () -> assertNoSecret(new Answer(0, "", "error: " + SECRET_KEY)));
        Files.writeString(directory.resolve("streamhouse.log"), "WARN " + SECRET_KEY);
        assertThrows(AssertionError.class, this::assertNoSecretOnDisk);
    }

    private static List<Answer> errorsOfAStoreThatRefuses(String endpoint) throws IOException {
        List<Answer> answers = new ArrayList<>();
        for (String[] command : List.of(
                new String[] {"tables"},
                new String[] {"tail", "t"},
                new String[] {"query", "SELECT * FROM t"},
                new String[] {"verify", "t"},
                new String[] {"clean", "t"})) {
            answers.add(found(ExitCode.FAILURE, "error NO_PERMISSION", withKey(endpoint, "canary-wrong-key", command)));
        }
        answers.add(found(
                ExitCode.FAILURE,
                "error BAD_OPTION_VALUE",
                with(endpoint.replace("http://", "http://user:canary-password@"), "tables")));
        answers.add(
                found(ExitCode.FAILURE, "error BAD_OPTION_VALUE", withKey(endpoint, "canary with blanks", "tables")));
        answers.add(found(
                ExitCode.FAILURE,
                "error BAD_OPTION_VALUE",
                "tables",
                "--warehouse",
                "s3://key:canary-password@bucket/x",
                "--option",
                "s3.endpoint=" + endpoint));
        answers.add(found(
                ExitCode.USAGE, "error USAGE", with(endpoint, "tables", "--option", "s3.session-token:canary-token")));
        return answers;
    }

    private static Answer found(int code, String words, String... command) {
        Answer answer = Answer.of(command);
        assertEquals(code, answer.code(), answer.toString());
        assertTrue(answer.toString().contains(words), answer.toString());
        return answer;
    }

    private static void assertNoSecret(Answer answer) {
        assertFalse(answer.toString().contains("canary"), answer.toString());
    }

    private void assertNoSecretOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(text(Files.readAllBytes(file)).contains("canary"), file::toString);
            }
        }
    }

    private static void assertNoSecretIn(String endpoint) throws IOException {
        Map<String, String> options =
                Map.of("s3.endpoint", endpoint, "s3.access-key", ACCESS_KEY, "s3.secret-key", SECRET_KEY);
        try (ObjectStore store = ObjectStores.open(URI.create(WAREHOUSE), options)) {
            List<ObjectInfo> objects = store.list("");
            assertTrue(objects.size() > 4, objects::toString);
            for (ObjectInfo object : objects) {
                assertFalse(text(store.read(object.path())).contains("canary"), object::toString);
                assertFalse(object.path().contains("/probe/"), object::toString);
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String[] with(String endpoint, String... command) {
        return withKey(endpoint, SECRET_KEY, command);
    }

    private static String[] withKey(String endpoint, String secretKey, String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--warehouse", WAREHOUSE));
        words.addAll(List.of("--option", "s3.endpoint=" + endpoint));
        words.addAll(List.of("--option", "s3.access-key=" + ACCESS_KEY));
        words.addAll(List.of("--option", "s3.secret-key=" + secretKey));
        return words.toArray(String[]::new);
    }

    /** Flink unpacks its planner once a process. */
    private Answer inProcessOfItsOwn(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-XX:TieredStopAtLevel=1",
                "-Dstreamhouse.home=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                "io.streamhouse.cli.Main"));
        words.addAll(List.of(command));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            return new Answer(process.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
