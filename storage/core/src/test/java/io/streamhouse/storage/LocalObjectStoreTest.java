package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a file system can do to a store: refuse, run full, lose an answer, hold links and other people's files. */
class LocalObjectStoreTest {
    private static final byte[] MINE = {1, 2, 3};

    @TempDir
    Path root;

    private final FailingDisk disk = new FailingDisk();

    @Test
    void aFileSystemWithoutLinksHasNoCommitPrimitive() throws IOException {
        LocalObjectStore store = store();
        for (Exception refusal : List.of(
                new UnsupportedOperationException(),
                new FileSystemException("x", "y", "Operation not permitted"),
                new FileSystemException("x", "y", "Operation not supported"))) {
            disk.fail(FailingDisk.Call.LINK, FailingDisk.When.INSTEAD, refusal);
            assertCode(ErrorCode.NO_COMMIT_PRIMITIVE, "t/1", () -> store.putIfAbsent("t/1", MINE));
        }
        assertEquals(List.of(), files());
        store.put("t/2", MINE);
        assertArrayEquals(MINE, store.read("t/2"));
    }

    @Test
    void whatWasBegunIsListedApartAndOnlyAnEmptyDirectoryGoes() throws IOException {
        LocalObjectStore store = store();
        store.put("t/a/1", MINE);
        Files.write(root.resolve("t/a/.tmp-9-9-9"), MINE);
        Files.write(root.resolve("t/a/.other"), MINE);
        assertEquals(
                List.of("t/a/1"), store.list("t").stream().map(ObjectInfo::path).toList());
        assertEquals(
                List.of("t/a/.tmp-9-9-9"),
                store.listTemporary("").stream().map(ObjectInfo::path).toList());
        assertTrue(store.delete("t/a/.tmp-9-9-9"));
        assertEquals(List.of(), store.listTemporary("t"));
        assertFalse(store.deleteEmptyDirectory("t/a"), "it is not empty");
        assertFalse(store.deleteEmptyDirectory("t/none"));
        Files.delete(root.resolve("t/a/.other"));
        assertTrue(store.delete("t/a/1"));
        assertTrue(store.deleteEmptyDirectory("t/a"));
        store.put("t/a/1", MINE);
        assertArrayEquals(MINE, store.read("t/a/1"));
    }

    @Test
    void aLinkWhoseAnswerIsLostIsUnknownAndMayStand() throws IOException {
        disk.fail(FailingDisk.Call.LINK, FailingDisk.When.AFTER, new IOException("Input/output error"));
        LocalObjectStore store = store();
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("t/1", MINE));
        assertArrayEquals(MINE, store.read("t/1"));
        assertEquals(List.of("t/1"), files());
    }

    @Test
    void aLinkThatFailsForNoKnownReasonIsUnknownThoughItDoesNotStand() throws IOException {
        disk.fail(FailingDisk.Call.LINK, FailingDisk.When.INSTEAD, new IOException("Stale file handle"));
        LocalObjectStore store = store();
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("t/1", MINE));
        assertEquals(-1, store.size("t/1"));
        assertEquals(List.of(), files());
    }

    @Test
    void aRepeatedLinkThatMeetsItselfIsOurs() throws IOException {
        disk.fail(FailingDisk.Call.LINK, FailingDisk.When.AFTER, new FileAlreadyExistsException("t/1"));
        LocalObjectStore store = store();
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/1", MINE));
        assertArrayEquals(MINE, store.read("t/1"));
    }

    @Test
    void aLinkThatMeetsAnotherIsNotOurs() throws IOException {
        LocalObjectStore store = store();
        disk.before(FailingDisk.Call.LINK, () -> ObjectStores.local(root).put("t/1", new byte[] {9}));
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("t/1", MINE));
        assertArrayEquals(new byte[] {9}, store.read("t/1"));
        assertEquals(List.of("t/1"), files());
    }

    @Test
    void aLinkThatIsNotKnownToLastIsUnknown() throws IOException {
        LocalObjectStore store = store();
        store.put("t/0", MINE);
        disk.fail(
                FailingDisk.Call.SYNC_DIRECTORY, FailingDisk.When.INSTEAD, new IOException("No space left on device"));
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("t/1", MINE));
        assertArrayEquals(MINE, store.read("t/1"));
    }

    /** Who put it without an answer would take a coded error for a put that had no effect, and put again. */
    @Test
    void whatIsFoundAndNotKnownToLastIsNeitherThereNorRefused() throws IOException {
        LocalObjectStore store = store();
        store.putIfAbsent("t/1", MINE);
        for (String words : List.of("No space left on device", "Read-only file system")) {
            IOException failure = new FileSystemException("x", null, words);
            disk.fail(FailingDisk.Call.SYNC_DIRECTORY, FailingDisk.When.INSTEAD, failure);
            assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("t/1", MINE));
            disk.fail(FailingDisk.Call.SYNC_DIRECTORY, FailingDisk.When.INSTEAD, failure);
            assertSame(failure, assertThrows(IOException.class, () -> store.makeLasting("t")));
        }
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("t/1", MINE));
    }

    @Test
    void aFullDiskIsNoSpaceAndLeavesNothing() throws IOException {
        LocalObjectStore store = store();
        store.put("t/0", MINE);
        for (FailingDisk.Call call : List.of(FailingDisk.Call.WRITE, FailingDisk.Call.SYNC, FailingDisk.Call.CREATE)) {
            for (Executable write : writes(store, "t/0", "t/1")) {
                disk.fail(call, FailingDisk.When.INSTEAD, new IOException("No space left on device"));
                assertCode(ErrorCode.NO_SPACE, "t/", write);
                disk.fail(call, FailingDisk.When.INSTEAD, new FileSystemException("x", null, "Disk quota exceeded"));
                assertCode(ErrorCode.NO_SPACE, "t/", write);
            }
        }
        assertEquals(List.of("t/0"), files());
        assertArrayEquals(MINE, store.read("t/0"));
    }

    @Test
    void missingRightsAreNoPermissionAndNameThePath() throws IOException {
        LocalObjectStore store = store();
        store.put("t/0", MINE);
        for (IOException refusal : List.of(
                new AccessDeniedException("x"),
                new FileSystemException("x", null, "Read-only file system"),
                new FileSystemException("x", null, "Operation not permitted"))) {
            for (Executable write : writes(store, "t/0", "t/1")) {
                disk.fail(FailingDisk.Call.CREATE, FailingDisk.When.INSTEAD, refusal);
                assertCode(ErrorCode.NO_PERMISSION, root.resolve("t").toString(), write);
            }
            for (Executable write : writes(store, "new/0", "new/1")) {
                disk.fail(FailingDisk.Call.CREATE_DIRECTORY, FailingDisk.When.INSTEAD, refusal);
                assertCode(ErrorCode.NO_PERMISSION, root.resolve("new").toString(), write);
            }
            disk.fail(FailingDisk.Call.DELETE, FailingDisk.When.INSTEAD, refusal);
            assertCode(ErrorCode.NO_PERMISSION, "t/0", () -> store.delete("t/0"));
            disk.fail(FailingDisk.Call.OPEN, FailingDisk.When.INSTEAD, refusal);
            assertCode(ErrorCode.NO_PERMISSION, "t/0", () -> store.read("t/0"));
        }
        assertEquals(List.of("t/0"), files());
    }

    @Test
    void aStoreWithoutRightsOpensAndReadsAndRefusesOnlyWrites() throws IOException {
        Path sysfs = Path.of("/sys");
        assumeTrue(Files.isDirectory(sysfs.resolve("kernel")), "needs a file system that refuses root too");
        ObjectStore store = ObjectStores.local(sysfs.resolve("streamhouse"));
        assertEquals(List.of(), store.list(""));
        assertEquals(List.of(), store.listDirectories(""));
        assertEquals(-1, store.size("snapshot/1"));
        assertCode(ErrorCode.NO_PERMISSION, "/sys/streamhouse", () -> store.put("snapshot/1", MINE));
        assertCode(ErrorCode.NO_PERMISSION, "/sys/streamhouse", () -> store.putIfAbsent("snapshot/1", MINE));
        assertCode(ErrorCode.NO_PERMISSION, "/sys/streamhouse", () -> store.create("data/1"));
        assertTrue(
                ObjectStores.local(sysfs.resolve("kernel")).listDirectories("").size() > 0);
    }

    @Test
    void anyOtherErrorStaysAnIoErrorWhateverThePathSays() throws IOException {
        LocalObjectStore store = store();
        String path = "No space left/Permission denied";
        store.put(path, MINE);
        IOException error = new FileSystemException(root.resolve(path).toString(), null, "Input/output error");
        for (FailingDisk.Call call : List.of(FailingDisk.Call.WRITE, FailingDisk.Call.SYNC, FailingDisk.Call.RENAME)) {
            disk.fail(call, FailingDisk.When.INSTEAD, error);
            assertEquals(error, assertThrows(IOException.class, () -> store.put(path, new byte[100])));
            assertArrayEquals(MINE, store.read(path));
            assertEquals(List.of(path), files());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FailingDisk.Call.class,
            names = {"CREATE", "WRITE", "SYNC"})
    void aConditionalPutThatFailsBeforeTheLinkIsAnErrorAndLeavesNothing(FailingDisk.Call call) throws IOException {
        LocalObjectStore store = store();
        disk.fail(call, FailingDisk.When.AFTER, new IOException("Input/output error"));
        assertThrows(IOException.class, () -> store.putIfAbsent("t/1", MINE));
        assertEquals(-1, store.size("t/1"));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/1", MINE));
    }

    @Test
    void anInterruptedWriterLeavesNothing() throws IOException {
        LocalObjectStore store = store();
        store.put("t/0", MINE);
        for (Executable write : writes(store, "t/0", "t/1")) {
            Thread.currentThread().interrupt();
            try {
                assertThrows(ClosedByInterruptException.class, write);
            } finally {
                assertTrue(Thread.interrupted());
            }
        }
        assertEquals(List.of("t/0"), files());
    }

    @Test
    void noLinkLeadsOutOfTheRoot(@TempDir Path outside) throws IOException {
        Files.write(outside.resolve("secret"), MINE);
        LocalObjectStore store = store();
        store.put("t/a", MINE);
        Files.createSymbolicLink(root.resolve("t/directory"), outside);
        Files.createSymbolicLink(root.resolve("t/file"), outside.resolve("secret"));
        for (String path : List.of("t/directory/secret", "t/file", "t/directory/new")) {
            for (Executable call : List.<Executable>of(
                    () -> store.read(path),
                    () -> store.read(path, 0, 1),
                    () -> store.size(path),
                    () -> store.put(path, MINE),
                    () -> store.putIfAbsent(path, MINE),
                    () -> store.create(path),
                    () -> store.delete(path))) {
                assertCode(ErrorCode.NO_PERMISSION, "symbolic link", call);
            }
        }
        assertCode(ErrorCode.NO_PERMISSION, "symbolic link", () -> store.list("t/directory"));
        assertCode(ErrorCode.NO_PERMISSION, "symbolic link", () -> store.listDirectories("t/directory"));
        assertCode(ErrorCode.NO_PERMISSION, "symbolic link", () -> store.deleteDirectory("t/directory"));
        assertEquals(1, store.list("").size());
        assertEquals(List.of(), store.listDirectories("t"));
        store.deleteDirectory("t");
        assertArrayEquals(MINE, Files.readAllBytes(outside.resolve("secret")));
        assertFalse(Files.exists(outside.resolve("new")));
    }

    @Test
    void theRootItselfMayBeReachedByALink(@TempDir Path elsewhere) throws IOException {
        Path link = elsewhere.resolve("link");
        Files.createSymbolicLink(link, root);
        ObjectStore store = ObjectStores.local(link);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/1", MINE));
        assertArrayEquals(MINE, store().read("t/1"));
    }

    @Test
    void orphansOfDeadWritersAreNeverSeenAndGoWithTheirDirectory() throws IOException {
        LocalObjectStore store = store();
        ObjectOutput orphan = store.create("t/a");
        orphan.write(MINE, 0, 3);
        store.put("t/b", MINE);
        assertEquals(2, files().size());
        assertTrue(files().get(0).startsWith("t/.tmp-"), files().toString());
        assertEquals(1, store.list("t").size());
        store.deleteDirectory("t");
        assertEquals(List.of(), files());
        orphan.close();
    }

    @Test
    void temporaryNamesOfOtherProcessesAreSteppedOver() throws IOException {
        LocalObjectStore store = store();
        disk.fail(FailingDisk.Call.CREATE, FailingDisk.When.INSTEAD, new FileAlreadyExistsException("taken"));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/1", MINE));
        assertEquals(List.of("t/1"), files());
    }

    @Test
    void aDirectoryDeletedByAnotherProcessIsMadeAgain() throws IOException {
        LocalObjectStore store = store();
        store.put("t/a/b/1", MINE);
        ObjectStores.local(root).deleteDirectory("t");
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("t/a/b/1", MINE));
        ObjectStores.local(root).deleteDirectory("t");
        store.put("t/a/b/2", MINE);
        assertEquals(List.of("t/a/b/2"), files());
    }

    @Test
    void aDirectoryIsNoObjectAndAnObjectNoDirectory() throws IOException {
        LocalObjectStore store = store();
        store.put("t/a", MINE);
        for (Executable write : writes(store, "t", "t")) {
            assertThrows(IOException.class, write);
        }
        for (Executable write : writes(store, "t/a/b", "t/a/c")) {
            assertThrows(IOException.class, write);
        }
        assertFalse(store.delete("t"));
        store.deleteDirectory("t/a");
        assertArrayEquals(MINE, store.read("t/a"));
        assertEquals(List.of("t/a"), files());
    }

    @Test
    void anEmptyDirectoryIsListed() throws IOException {
        Files.createDirectories(root.resolve("t/empty"));
        assertEquals(List.of("empty"), store().listDirectories("t"));
        assertEquals(List.of(), store().list("t"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4095, 4096, 100_000})
    void aFileThatWasCutShortIsCorrupt(long length) throws IOException {
        LocalObjectStore store = store();
        store.put("t/a", new byte[200_000]);
        try (var channel = FileChannel.open(root.resolve("t/a"), StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> store.read("t/a", 0, Integer.MAX_VALUE));
        assertEquals(ErrorCode.CORRUPT_FILE, e.code());
        assertTrue(e.getMessage().contains("object of %d bytes".formatted(length)), e.getMessage());
    }

    private LocalObjectStore store() {
        return new LocalObjectStore(root, disk);
    }

    private static List<Executable> writes(ObjectStore store, String replaced, String created) {
        return List.of(() -> store.put(replaced, MINE), () -> store.putIfAbsent(created, MINE), () -> {
            try (ObjectOutput output = store.create(replaced)) {
                output.write(MINE, 0, MINE.length);
                output.commit();
            }
        });
    }

    private static void assertCode(ErrorCode code, String inMessage, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(inMessage), e.getMessage());
    }

    /** All files below the root, hidden ones too. */
    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            TreeSet<String> names = new TreeSet<>();
            walk.filter(Files::isRegularFile)
                    .forEach(file -> names.add(root.relativize(file).toString()));
            return List.copyOf(names);
        }
    }
}
