package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A file system in memory of a few mebibytes that can be filled, and be made read-only while it is in use. */
final class SmallDisk implements AutoCloseable {
    /** What tmpfs gives out at a time. */
    static final int PAGE_BYTES = 4096;

    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** Mounts it at an empty directory; ends the test as skipped where that is not permitted. */
    static SmallDisk mount(Path directory, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        String said;
        try {
            said = run("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(mebibytes), "tmpfs", directory.toString());
        } catch (IOException e) {
            said = e.getMessage();
        }
        if (said != null) {
            abort("a file system of limited size cannot be mounted here: " + said);
        }
        return new SmallDisk(directory);
    }

    Path warehouse() {
        return directory.resolve("warehouse");
    }

    /** Takes all but so many pages of the space. */
    void fill(int pagesLeft) throws IOException {
        long bytes = Files.getFileStore(directory).getUsableSpace() - (long) pagesLeft * PAGE_BYTES;
        byte[] page = new byte[PAGE_BYTES];
        try (var out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long done = 0; done < bytes; done += PAGE_BYTES) {
                out.write(page);
            }
        } catch (FileSystemException e) {
            throw new AssertionError("less space than the file system says", e);
        }
    }

    /** Gives the space back that was taken. */
    void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    void remount(boolean writable) throws IOException, InterruptedException {
        assertEquals(null, run("mount", "-o", writable ? "remount,rw" : "remount,ro", directory.toString()));
    }

    /** All files of the warehouse, those under temporary names too. */
    List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(warehouse())) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Null, or what a command said that failed. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int code = process.waitFor();
        return code == 0 ? null : "exit code %d, %s".formatted(code, said.strip());
    }

    @Override
    public void close() throws IOException {
        try {
            assertEquals(null, run("umount", "--lazy", directory.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
