package io.streamhouse.cli.cluster;

import io.streamhouse.cli.failure.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/**
 * The directory that one run of a command owns: temporary files, checkpoints, log.
 *
 * <p>A marker file tells our directories from other people's: a directory that holds files but no marker is never
 * touched.
 *
 * @param path absolute path, exists
 */
public record RunDirectory(Path path) {
    private static final String MARKER = ".streamhouse-run";

    /**
     * Makes the directory, or empties one that an earlier run left behind.
     *
     * @throws UsageException if it holds files and no run made them
     * @throws UncheckedIOException if it cannot be written
     */
    public static RunDirectory claim(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            if (Files.exists(path) && !Files.exists(path.resolve(MARKER)) && !isEmptyDirectory(path)) {
                throw new UsageException(
                        "%s holds files that no earlier run wrote; give an empty or a new directory".formatted(path));
            }
            deleteTree(path);
            Files.createDirectories(path);
            Files.createFile(path.resolve(MARKER));
            Files.createDirectories(path.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write run directory %s: %s".formatted(path, e.getMessage()), e);
        }
        return new RunDirectory(path);
    }

    /** Where temporary files of this run go. */
    public Path tmp() {
        return path.resolve("tmp");
    }

    /** The log of this run. */
    public Path log() {
        return path.resolve("streamhouse.log");
    }

    /** A directory inside, created. */
    public Path directory(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends this JVM's temporary files and log here. Call it before anything logs or makes a temporary file: both are
     * read once per JVM.
     */
    public void adopt() {
        System.setProperty("java.io.tmpdir", tmp().toString());
        System.setProperty("streamhouse.log", log().toString());
    }

    /** Removes everything; best effort, since a run that ends is not failed by a file that will not go. */
    public void delete() {
        try {
            deleteTree(path);
        } catch (IOException e) {
            System.err.println("note: " + path + " could not be removed: " + e.getMessage());
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
