package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path directory;

    @Test
    void withoutACommandTheCommandsAreListed() {
        Answer answer = Answer.of();
        assertEquals(ExitCode.OK, answer.code());
        for (String command : new String[] {
            "demo",
            "sql",
            "query",
            "tables",
            "files",
            "snapshots",
            "tail",
            "compact",
            "expire",
            "clean",
            "verify",
            "simulate",
            "test",
            "bench"
        }) {
            assertTrue(answer.out().contains("  " + command + " "), answer.out());
            Answer help = Answer.of(command, "--help");
            assertEquals(ExitCode.OK, help.code(), help.err());
            assertTrue(help.out().startsWith("Usage: streamhouse " + command + " "), help.out());
        }
    }

    @Test
    void unknownCommandsAndOptionsAreUsageErrors() {
        assertUsage("'demp'", "demp");
        assertUsage("'--bogus'", "sql", "--bogus");
        assertUsage("'--scale'", "demo", "--scale", "many");
        assertUsage("0.001 to 10", "demo", "--scale", "0");
        assertUsage("drop-change, wrong-row, lost-commit", "demo", "--sabotage", "everything");
        assertUsage("1 or more", "simulate", "--schedules", "0");
        assertUsage("no-fence", "simulate", "--mutant", "fence");
        assertUsage("'--mutant' is none of all, exists-then-put", "simulate", "--mutant", "none");
        assertUsage("'x' is no move", "simulate", "--schedules", "1", "--only", "x");
        assertUsage("--schedules 1", "simulate", "--only", "1");
        assertUsage("SUITE", "bench");
        assertUsage("MICRO", "bench", "macro");
        assertUsage("'--row' is none of --rows", "bench", "compaction", "--row", "5");
        assertUsage("'many' of '--rows'", "bench", "micro", "--rows", "many");
        assertUsage("7 rows over 0 keys", "bench", "compaction", "--rows", "7", "--keys", "0");
    }

    @Test
    void anOptionOfTheStoreThatIsNoneIsNotRepeated() {
        for (String option : new String[] {"s3.secret-key:canary", "=canary", "canary"}) {
            assertUsage("KEY=VALUE", "tables", "--option", option);
            assertFalse(Answer.of("tables", "--option", option).toString().contains("canary"));
        }
    }

    @Test
    void aPasswordInTheUriOfAWarehouseIsNotRepeated() {
        for (String uri : new String[] {
            "s3://user:canary@bucket/x y",
            "s3://user:can ary@bucket",
            "s3://user:canary@bucket/{x}",
            "s3:user:canary@bucket/x",
            "user:canary@bucket/x",
            "s3://user:canary@bucket",
            "hdfs://user:canary@host/x",
            "ftp://user:canary@host/x"
        }) {
            for (String[] command : new String[][] {{"tables"}, {"query", "SELECT 1"}, {"verify", "t"}}) {
                String[] words = Stream.concat(Stream.of(command), Stream.of("--warehouse", uri))
                        .toArray(String[]::new);
                Answer answer = Answer.of(words);
                assertTrue(answer.code() == ExitCode.USAGE || answer.code() == ExitCode.FAILURE, answer.toString());
                assertFalse(answer.toString().contains("ary"), answer.toString());
            }
        }
    }

    @Test
    void aScriptThatIsMissingOrBrokenIsRefusedBeforeAnythingStarts() throws IOException {
        assertUsage("does not exist", "sql", "-f", directory.resolve("none.sql").toString());
        Path broken = directory.resolve("broken.sql");
        Files.writeString(broken, "SELECT 1;\nSELECT 'a");
        Answer answer = Answer.of("sql", "-f", broken.toString());
        assertEquals(ExitCode.FAILURE, answer.code());
        assertEquals("error SQL: line 2: string is not closed\n", answer.err());
        Files.write(broken, new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc3});
        assertUsage("not UTF-8", "sql", "-f", broken.toString());
    }

    @Test
    void aDirectoryOfOtherPeopleIsNotEmptied() throws IOException {
        Path precious = directory.resolve("precious.txt");
        Files.writeString(precious, "keep");
        assertUsage("no earlier run wrote", "demo", "--dir", directory.toString());
        assertTrue(Files.exists(precious));
    }

    private void assertUsage(String named, String... arguments) {
        Answer answer = Answer.of(arguments);
        assertEquals(ExitCode.USAGE, answer.code(), answer.err());
        assertTrue(answer.err().startsWith("error USAGE: "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertFalse(answer.err().contains("\tat "), answer.err());
    }
}
