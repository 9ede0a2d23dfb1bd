package io.streamhouse.testkit.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is there as a whole or not at all, whenever its writer is killed. */
public final class WholeFile {
    private WholeFile() {}

    public static void replace(Path file, byte[] bytes) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".half");
        Files.write(half, bytes);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
