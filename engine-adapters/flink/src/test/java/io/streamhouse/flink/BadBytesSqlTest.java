package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, truncated and missing objects of every kind give an error that names them, never an answer. */
class BadBytesSqlTest {
    private static final int ROWS = 30_000;

    @TempDir
    Path scratch;

    /** A table with a spilled manifest and stored masks. */
    private Path healthy() throws IOException {
        Path warehouse = scratch.resolve("healthy");
        SqlSession sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE t (k INT, v BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '32')");
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            for (int commit = 0; commit < 30; commit++) {
                for (int k = commit % 2; k < ROWS; k += commit < 2 ? 1 : 1 + commit * 37) {
                    t.insert(k, (long) k * commit);
                }
                t.commit();
            }
        }
        return warehouse;
    }

    /** Copies a warehouse but for its leases: a source gives its own back beside us, after its query has ended. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (directory.endsWith("consumers")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The largest object of a kind; of snapshots the newest. */
    private static Path victim(Path table, String kind) throws IOException {
        Comparator<Path> order = kind.equals("snapshot")
                ? Comparator.comparing(p -> p.getFileName().toString())
                : Comparator.comparing(p -> p.toFile().length());
        try (Stream<Path> files = Files.list(table.resolve(kind))) {
            return files.filter(p -> !kind.equals("snapshot") || p.toString().endsWith(".json"))
                    .max(order)
                    .orElseThrow(() -> new AssertionError("the table has no " + kind));
        }
    }

    private enum Harm {
        FLIP,
        TRUNCATE,
        DELETE;

        void apply(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case FLIP -> {
                    bytes[bytes.length / 3] ^= 0x20;
                    Files.write(file, bytes);
                }
                case TRUNCATE -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                case DELETE -> Files.delete(file);
            }
        }
    }

    @Test
    void everyKindOfObjectIsCheckedBeforeItIsBelieved() throws IOException {
        Path healthy = healthy();
        String count =
                new SqlSession(healthy).query("SELECT COUNT(*), SUM(v) FROM t").get(0);
        assertTrue(count.startsWith("+I[" + ROWS), count);
        for (String kind : List.of("snapshot", "manifest", "data", "mask", "schema")) {
            for (Harm harm : Harm.values()) {
                if (kind.equals("snapshot") && harm == Harm.DELETE) {
                    // without its newest snapshot a table is the table before
                    continue;
                }
                Path warehouse = scratch.resolve(kind + "-" + harm);
                copy(healthy, warehouse);
                Path victim = victim(warehouse.resolve("default.db/t"), kind);
                harm.apply(victim);
                SqlSession sql = new SqlSession(warehouse);
                Throwable error = assertThrows(
                        Throwable.class, () -> sql.query("SELECT COUNT(*), SUM(v) FROM t"), kind + " " + harm);
                String messages = SqlSession.messages(error);
                assertTrue(
                        Stream.of("CORRUPT_FILE", "MISSING_FILE", "UNKNOWN_VERSION", "TABLE_NOT_FOUND")
                                        .anyMatch(messages::contains)
                                || kind.equals("schema") && messages.contains("not found"),
                        kind + " " + harm + " gave\n" + messages);
                assertFalse(
                        Stream.of("NullPointer", "ClassCast", "IndexOutOf", "BufferUnderflow")
                                .anyMatch(messages::contains),
                        messages);
                if (!kind.equals("schema")) {
                    assertTrue(messages.contains(victim.getFileName().toString()), victim + " in\n" + messages);
                }
            }
        }
        assertEquals(
                count,
                new SqlSession(healthy).query("SELECT COUNT(*), SUM(v) FROM t").get(0));
    }

    @Test
    void warehouseThatCannotBeWrittenSaysSo() {
        // a file system that nobody may write to, not even root
        Throwable error = assertThrows(Throwable.class, () -> new SqlSession(Path.of("/sys/streamhouse")));
        String messages = SqlSession.messages(error);
        assertTrue(messages.contains("NO_PERMISSION") && messages.contains("/sys/streamhouse"), messages);
    }
}
