package io.streamhouse.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the project that tests generate: compared, or written anew with {@code -Dstreamhouse.regenerate=true}. */
public final class Regenerated {
    private Regenerated() {}

    /** Path of a file in this module. */
    public static Path file(String path) {
        return Path.of("").toAbsolutePath().resolve(path).normalize();
    }

    /** Whether this run writes the files anew. */
    public static boolean isWanted() {
        return Boolean.getBoolean("streamhouse.regenerate");
    }

    /** Holds the file against what it should be. */
    public static void check(Path file, byte[] expected) throws IOException {
        if (isWanted()) {
            Files.createDirectories(file.getParent());
            Files.write(file, expected);
        }
        String hint = file + " differs from the code; -Dstreamhouse.regenerate=true writes it anew";
        assertTrue(Files.exists(file), hint);
        assertArrayEquals(expected, Files.readAllBytes(file), hint);
    }
}
