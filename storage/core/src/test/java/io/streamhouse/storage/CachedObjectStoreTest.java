package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All calls go through unchanged (the contract), and what a reference names is read from the store once. */
class CachedObjectStoreTest extends ObjectStoreContract {
    private static final int RANGE = 1_000;
    private static final long MEMORY = 100_000;

    @TempDir
    Path directory;

    private final ObjectStore far = ObjectStores.memory();
    private final byte[] content = new byte[200_000];

    CachedObjectStoreTest() throws IOException {
        new SplittableRandom(1).nextBytes(content);
        far.put("data/a", content);
    }

    @Override
    protected ObjectStore open() throws IOException {
        return CachedObjectStore.onDisk(ObjectStores.memory(), MEMORY, disk(MEMORY));
    }

    private RangeFiles disk(long maxBytes) throws IOException {
        return disk(directory, maxBytes);
    }

    private static RangeFiles disk(Path parent, long maxBytes) throws IOException {
        return RangeFiles.open(parent, maxBytes);
    }

    private void read(CachedObjectStore store, int range) throws IOException {
        byte[] expected = Arrays.copyOfRange(content, range * RANGE, (range + 1) * RANGE);
        int crc = Checksums.crc32c(expected);
        assertArrayEquals(expected, store.readChecked("data/a", new CheckedRange((long) range * RANGE, RANGE, crc)));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !f.endsWith("lock"))
                    .toList();
        }
    }

    @Test
    void aRangeIsReadFromTheStoreOnce() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.inMemory(far, MEMORY)) {
            for (int i = 0; i < 5; i++) {
                read(store, 3);
            }
            assertEquals(new CachedObjectStore.Counts(4, 0, 1), store.counts());
        }
    }

    @Test
    void withoutMemoryEveryReadAsksTheStore() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.inMemory(far, 0)) {
            read(store, 3);
            read(store, 3);
            assertEquals(new CachedObjectStore.Counts(0, 0, 2), store.counts());
        }
    }

    @Test
    void whatMemoryCannotHoldComesFromTheDisk() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.onDisk(far, 10 * RANGE, disk(MEMORY))) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 90; i++) {
                    read(store, i);
                }
            }
            assertEquals(90, store.counts().misses());
            assertTrue(store.counts().diskHits() > 100, store.counts().toString());
            assertEquals(180, store.counts().memoryHits() + store.counts().diskHits());
        }
        assertEquals(List.of(), files(), "a closed cache leaves nothing");
    }

    @Test
    void theDiskIsBounded() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.onDisk(far, 0, disk(20 * RANGE))) {
            for (int i = 0; i < 200; i++) {
                read(store, i % 50);
            }
            assertTrue(files().size() <= 20, files().size() + " files");
            assertTrue(store.counts().misses() > 50, store.counts().toString());
        }
    }

    @Test
    void damagedFilesOnTheDiskAreNoAnswers() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.onDisk(far, 0, disk(MEMORY))) {
            for (int i = 0; i < 4; i++) {
                read(store, i);
            }
            List<Path> files = files();
            assertEquals(4, files.size());
            byte[] flipped = Files.readAllBytes(files.get(0));
            flipped[17] ^= 1;
            Files.write(files.get(0), flipped);
            Files.write(files.get(1), new byte[3]);
            Files.delete(files.get(2));
            for (int i = 0; i < 4; i++) {
                read(store, i);
            }
            assertEquals(new CachedObjectStore.Counts(0, 1, 7), store.counts());
            for (int i = 0; i < 4; i++) {
                read(store, i);
            }
            assertEquals(new CachedObjectStore.Counts(0, 5, 7), store.counts());
        }
    }

    @Test
    void damagedBytesOfTheStoreAreRefusedAndNotKept() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.onDisk(far, MEMORY, disk(MEMORY))) {
            byte[] damaged = content.clone();
            damaged[5] ^= 4;
            far.put("data/a", damaged);
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> read(store, 0));
            assertEquals(ErrorCode.CORRUPT_FILE, e.code());
            assertTrue(e.getMessage().contains("data/a"), e.getMessage());
            far.put("data/a", content);
            read(store, 0);
        }
    }

    @Test
    void aDiskThatIsGoneIsNoCacheAndNoError() throws IOException {
        try (CachedObjectStore store = CachedObjectStore.onDisk(far, 0, disk(MEMORY))) {
            read(store, 1);
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(p);
                }
            }
            read(store, 1);
            read(store, 2);
            assertEquals(new CachedObjectStore.Counts(0, 0, 3), store.counts());
        }
    }

    @Test
    void whatWasBegunIsSeenThroughTheCache() throws IOException {
        Path root = directory.resolve("root");
        try (CachedObjectStore store = CachedObjectStore.inMemory(ObjectStores.local(root), MEMORY)) {
            store.put("t/a", new byte[1]);
            Files.write(root.resolve("t/.tmp-9-9-9"), new byte[1]);
            assertEquals(
                    List.of("t/.tmp-9-9-9"),
                    store.listTemporary("").stream().map(ObjectInfo::path).toList());
            assertTrue(store.delete("t/.tmp-9-9-9"));
            assertFalse(store.deleteEmptyDirectory("t"));
            assertTrue(store.delete("t/a"));
            assertTrue(store.deleteEmptyDirectory("t"));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1]);
        assertThrows(IOException.class, () -> RangeFiles.open(file, MEMORY));
    }

    @Test
    void whatAProcessThatIsGoneHasLeftIsCleared() throws IOException {
        Path parent = directory.resolve("elsewhere");
        Path abandoned = Files.createDirectories(parent.resolve("ranges-" + UUID.randomUUID()));
        Files.write(abandoned.resolve("lock"), new byte[0]);
        Files.write(abandoned.resolve("1"), new byte[10]);
        List<RangeFiles> inUse = List.of(disk(parent, MEMORY), disk(parent, MEMORY));
        assertFalse(Files.exists(abandoned));
        try (Stream<Path> all = Files.list(parent)) {
            assertEquals(2, all.count(), "those in use stay");
        }
        inUse.forEach(RangeFiles::close);
    }

    /** A second cache of this process must not end the lock of the first. */
    @Racing
    void whatTwoCachesOfAProcessHoldIsNotClearedByAnotherProcess() throws Exception {
        Path parent = directory.resolve("shared");
        List<RangeFiles> caches = List.of(disk(parent, MEMORY), disk(parent, MEMORY));
        assertEquals(0, openElsewhere(parent), "the other process clears only its own");
        assertEquals(2, children(parent));
        caches.forEach(RangeFiles::close);
        assertEquals(0, children(parent));
    }

    private static long children(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.count();
        }
    }

    private static int openElsewhere(Path parent) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Elsewhere.class.getName(),
                        parent.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** A process that opens a cache and closes it. */
    static final class Elsewhere {
        private Elsewhere() {}

        public static void main(String[] arguments) throws IOException {
            disk(Path.of(arguments[0]), MEMORY).close();
        }
    }
}
