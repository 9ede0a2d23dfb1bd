package io.streamhouse.cli.cluster;

import io.streamhouse.cli.failure.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The directory that one run of a command owns: temporary files, checkpoints, log.
 *
 * <p>A marker file tells our directories from other people's: a directory that holds files but no marker is never
 * touched. The run holds a lock on the marker until it ends, however it ends, so no other run takes a directory that is
 * in use.
 *
 * @param path absolute path, exists
 */
public record RunDirectory(Path path) {
    private static final String MARKER = ".streamhouse-run";

    /** Locks of this JVM; a lock whose channel nobody refers to would be let go. */
    private static final Map<Path, FileChannel> HELD = new ConcurrentHashMap<>();

    /**
     * Makes the directory, or empties one that an earlier run left behind.
     *
     * @throws UsageException if it holds files and no run made them, or another run uses it
     * @throws UncheckedIOException if it cannot be written
     */
    public static RunDirectory claim(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            if (Files.exists(path) && !Files.exists(path.resolve(MARKER)) && !isEmptyDirectory(path)) {
                throw new UsageException(
                        "%s holds files that no earlier run wrote; give an empty or a new directory".formatted(path));
            }
            Files.createDirectories(path);
            if (!lock(path)) {
                throw new UsageException("%s is in use by another run%s; wait for its end or give another directory"
                        .formatted(path, owner(path)));
            }
            deleteInside(path);
            Files.createDirectories(path.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write run directory %s: %s".formatted(path, e.getMessage()), e);
        }
        return new RunDirectory(path);
    }

    /**
     * Removes the run directories in {@code parent} that runs left behind; those in use stay. Best effort: leftovers
     * fail no run.
     */
    public static void deleteLeftovers(Path parent) {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (Stream<Path> children = Files.list(parent.toAbsolutePath().normalize())) {
            for (Path child : children.toList()) {
                if (Files.exists(child.resolve(MARKER)) && lock(child)) {
                    new RunDirectory(child).delete();
                }
            }
        } catch (IOException e) {
            System.err.println("note: " + parent + " could not be cleaned: " + e.getMessage());
        }
    }

    /**
     * True if this call took the lock. No other channel of this process may open the marker meanwhile: on Linux closing
     * any of them lets go of all locks that the process has on the file.
     */
    private static synchronized boolean lock(Path path) throws IOException {
        if (HELD.containsKey(path)) {
            return false;
        }
        Path marker = path.resolve(MARKER);
        if (!Files.exists(marker)) {
            try {
                Files.createFile(marker);
            } catch (FileAlreadyExistsException e) {
                // another run made it just now; the lock decides
            }
        }
        Object before = fileKey(marker);
        FileChannel channel = FileChannel.open(marker, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            // a run that ended just now may have deleted the file that is locked here
            taken = channel.tryLock() != null && Files.exists(marker) && Objects.equals(before, fileKey(marker));
            if (taken) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.UTF_8)));
                HELD.put(path, channel);
            }
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        return taken;
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String owner(Path path) throws IOException {
        String owner = HELD.containsKey(path) ? ownPid() : Files.readString(path.resolve(MARKER));
        return owner.isEmpty() ? "" : " (process " + owner + ")";
    }

    /** Lets go of the directory and leaves its files; a later run may take it. */
    public void release() {
        FileChannel channel = HELD.remove(path);
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                System.err.println("note: " + path + " could not be unlocked: " + e.getMessage());
            }
        }
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
            deleteInside(path);
            Files.deleteIfExists(path.resolve(MARKER));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.err.println("note: " + path + " could not be removed: " + e.getMessage());
        } finally {
            release();
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

    /** Deletes everything but the marker, whose lock must outlive the files. */
    private static void deleteInside(Path root) throws IOException {
        Path marker = root.resolve(MARKER);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(marker)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (!directory.equals(root)) {
                    Files.deleteIfExists(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
