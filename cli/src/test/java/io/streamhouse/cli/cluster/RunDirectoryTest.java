package io.streamhouse.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.storage.Racing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void aDirectoryInUseIsNeitherTakenNorEmptied() throws IOException {
        Path path = parent.resolve("run");
        RunDirectory first = RunDirectory.claim(path);
        Files.writeString(first.tmp().resolve("file"), "of the first run");
        UsageException refused = assertThrows(UsageException.class, () -> RunDirectory.claim(path));
        assertTrue(refused.getMessage().contains("in use by another run (process "), refused.getMessage());
        RunDirectory.deleteLeftovers(parent);
        assertEquals("of the first run", Files.readString(first.tmp().resolve("file")));
        first.delete();
        assertFalse(Files.exists(path));
    }

    @Test
    void whatAnEndedRunLeftIsEmptiedByTheNextOne() throws IOException {
        Path path = parent.resolve("run");
        RunDirectory first = RunDirectory.claim(path);
        Files.writeString(first.directory("a/b").resolve("file"), "x");
        first.release();
        RunDirectory second = RunDirectory.claim(path);
        assertFalse(Files.exists(path.resolve("a")));
        assertTrue(Files.isDirectory(second.tmp()));
        second.delete();
    }

    @Test
    void leftoversAreDeletedAndOtherPeoplesDirectoriesAreNot() throws IOException {
        RunDirectory ended = RunDirectory.claim(parent.resolve("1"));
        ended.release();
        Files.createDirectories(parent.resolve("theirs"));
        Files.writeString(parent.resolve("theirs/file"), "keep");
        RunDirectory.deleteLeftovers(parent);
        RunDirectory.deleteLeftovers(parent.resolve("missing"));
        assertFalse(Files.exists(ended.path()));
        assertTrue(Files.exists(parent.resolve("theirs/file")));
    }

    @Racing
    void aDirectoryThatAnotherProcessUsesIsRefusedUntilItEnds() throws Exception {
        Path path = parent.resolve("run");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(), path.toString())
                .start();
        try {
            assertEquals('h', other.getInputStream().read());
            UsageException refused = assertThrows(UsageException.class, () -> RunDirectory.claim(path));
            assertTrue(refused.getMessage().contains("(process " + other.pid() + ")"), refused.getMessage());
            RunDirectory.deleteLeftovers(parent);
            assertTrue(Files.isDirectory(path.resolve("tmp")));
        } finally {
            other.destroyForcibly().waitFor();
        }
        RunDirectory.claim(path).delete();
    }

    /** Another process: claims, says so and holds until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            RunDirectory.claim(Path.of(arguments[0]));
            System.out.print('h');
            System.out.flush();
            System.in.read();
        }
    }
}
