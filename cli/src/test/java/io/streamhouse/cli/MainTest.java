package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path directory;

    /** What a command answered. */
    private record Answer(int code, String out, String err) {}

    @Test
    void withoutACommandTheCommandsAreListed() {
        Answer answer = run();
        assertEquals(ExitCode.OK, answer.code());
        for (String command : new String[] {"demo", "sql", "test", "bench"}) {
            assertTrue(answer.out().contains("  " + command + " "), answer.out());
        }
    }

    @Test
    void unknownCommandsAndOptionsAreUsageErrors() {
        assertUsage("'demp'", "demp");
        assertUsage("'--bogus'", "sql", "--bogus");
        assertUsage("'--scale'", "demo", "--scale", "many");
        assertUsage("0.001 to 10", "demo", "--scale", "0");
        assertUsage("drop-change, wrong-row, lost-commit", "demo", "--sabotage", "everything");
        assertUsage("SUITE", "bench");
        assertUsage("MICRO", "bench", "macro");
        assertUsage("'--row' is none of --rows", "bench", "compaction", "--row", "5");
        assertUsage("'many' of '--rows'", "bench", "micro", "--rows", "many");
        assertUsage("7 rows over 0 keys", "bench", "compaction", "--rows", "7", "--keys", "0");
    }

    @Test
    void aScriptThatIsMissingOrBrokenIsRefusedBeforeAnythingStarts() throws IOException {
        assertUsage("does not exist", "sql", "-f", directory.resolve("none.sql").toString());
        Path broken = directory.resolve("broken.sql");
        Files.writeString(broken, "SELECT 1;\nSELECT 'a");
        Answer answer = run("sql", "-f", broken.toString());
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
        Answer answer = run(arguments);
        assertEquals(ExitCode.USAGE, answer.code(), answer.err());
        assertTrue(answer.err().startsWith("error USAGE: "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertFalse(answer.err().contains("\tat "), answer.err());
    }

    private static Answer run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Main.run(arguments);
            return new Answer(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
