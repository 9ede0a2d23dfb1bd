package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Damage is named, with a code, and nothing is built on it. */
class BadInputTest {
    private static final String ROOT = "shop.db/orders/";

    private final ObjectStore store = ObjectStores.memory();

    /** A table with a manifest, a mask object and a tail; nothing cached by anybody. */
    private Snapshot filled() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(store, 1)).snapshots();
        List<DataFile> many = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            many.add(TestWorld.file(new UUID(1, i), 100_000, 8));
        }
        chain.publish(chain.latest(), TestWorld.append(TestWorld.batch(new UUID(2, 1)), many, List.of()));
        FileMask mask = new FileMask(
                new UUID(1, 0), IntStream.range(0, 10_000).map(i -> i * 3).toArray());
        chain.publish(
                chain.latest(),
                TestWorld.append(
                        TestWorld.batch(new UUID(2, 2)),
                        List.of(TestWorld.file(new UUID(1, 999), 5, 1)),
                        List.of(mask)));
        Snapshot head = chain.latest().orElseThrow();
        assertEquals(1, head.tree().manifests().size());
        assertEquals(1, store.list(ROOT + "mask").size());
        assertEquals(1, head.tree().tail().entries().size());
        return head;
    }

    private SnapshotChain reader() throws Exception {
        return TestWorld.openTable(TestWorld.components(store, 2)).snapshots();
    }

    private void assertDamageIsFound(String path, Executable read) throws Exception {
        byte[] whole = store.read(path);
        String shown = path.substring(ROOT.length());
        int step = Math.max(1, whole.length / 97);
        for (int at = 0; at < whole.length; at += step) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            store.put(path, damaged);
            assertRefused(List.of(ErrorCode.CORRUPT_FILE, ErrorCode.UNKNOWN_VERSION), shown, "byte " + at, read);
        }
        for (int length = 0; length < whole.length; length += step) {
            store.put(path, Arrays.copyOf(whole, length));
            assertRefused(List.of(ErrorCode.CORRUPT_FILE), shown, "cut to " + length, read);
        }
        store.put(path, Arrays.copyOf(whole, whole.length + 1));
        if (!path.startsWith(ROOT + "mask/")) { // blocks are ranges: what stands behind them is somebody else's
            assertRefused(List.of(ErrorCode.CORRUPT_FILE), shown, "one byte more", read);
        }
        store.put(path, whole);
    }

    private static void assertRefused(List<ErrorCode> codes, String part, String what, Executable read) {
        StreamhouseException e = assertThrows(StreamhouseException.class, read, what);
        assertTrue(codes.contains(e.code()), what + ": " + e.getMessage());
        assertTrue(e.getMessage().contains(part), what + ": " + e.getMessage());
    }

    @Test
    void aDamagedSnapshotIsNamed() throws Exception {
        filled();
        assertDamageIsFound(ROOT + SnapshotSlots.path(2), () -> reader().latest());
        assertDamageIsFound(ROOT + SnapshotSlots.path(1), () -> reader().snapshot(1));
        assertEquals(2, reader().latest().orElseThrow().id());
    }

    @Test
    void nothingIsPublishedOnADamagedSnapshot() throws Exception {
        Snapshot head = filled();
        byte[] bytes = store.read(ROOT + SnapshotSlots.path(2));
        bytes[bytes.length / 2] ^= 1;
        store.put(ROOT + SnapshotSlots.path(2), bytes);
        UUID delta = new UUID(3, 3);
        SnapshotDraft draft = TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 1, 1)), List.of());
        SnapshotChain chain = reader();
        assertRefused(
                List.of(ErrorCode.CORRUPT_FILE), "snapshot/", "publish", () -> chain.publish(Optional.of(head), draft));
        assertRefused(
                List.of(ErrorCode.CORRUPT_FILE),
                "snapshot/",
                "fence",
                () -> chain.fence(RestoredState.none("job"), OlderSavepoint.REFUSE));
        assertEquals(-1, store.size(ROOT + SnapshotSlots.path(3)));
    }

    @Test
    void aDamagedManifestIsNamed() throws Exception {
        Snapshot head = filled();
        assertDamageIsFound(ROOT + head.tree().manifests().get(0).path(), () -> reader().tree(head));
    }

    @Test
    void aDamagedMaskSegmentIsNamed() throws Exception {
        Snapshot head = filled();
        assertDamageIsFound(store.list(ROOT + "mask").get(0).path(), () -> reader().tree(head));
    }

    @Test
    void aDamagedBoundaryIsNamed() throws Exception {
        filled();
        store.put(ROOT + BoundaryChain.path(1), BoundaryCodec.write(new Boundary(1, 0), BoundaryChain.path(1)));
        store.delete(ROOT + SnapshotSlots.path(1));
        assertDamageIsFound(ROOT + BoundaryChain.path(1), () -> reader().latest());
        assertEquals(2, reader().earliestId().orElseThrow());
    }

    @Test
    void aDamagedSchemaIsNamed() throws Exception {
        filled();
        assertDamageIsFound(ROOT + "schema/0.json", () -> reader());
    }

    @Test
    void aMissingObjectIsNamed() throws Exception {
        Snapshot head = filled();
        List<String> paths =
                new ArrayList<>(List.of(head.tree().manifests().get(0).path()));
        paths.add(store.list(ROOT + "mask").get(0).path().substring(ROOT.length()));
        for (String path : paths) {
            byte[] bytes = store.read(ROOT + path);
            store.delete(ROOT + path);
            assertRefused(List.of(ErrorCode.MISSING_FILE), path, path, () -> reader().tree(head));
            store.put(ROOT + path, bytes);
        }
        store.delete(ROOT + SnapshotSlots.path(1));
        assertRefused(List.of(ErrorCode.MISSING_FILE), SnapshotSlots.path(1), "hole", () -> reader().snapshot(1));
        assertRefused(List.of(ErrorCode.MISSING_FILE), "schema/5.json", "schema", () -> TestWorld.openTable(
                        TestWorld.components(store, 3))
                .schema(5));
    }

    /** A record with another format version, whole in every other respect. */
    private static byte[] withVersion(byte[] record, String from, String to) {
        String text = new String(record, StandardCharsets.UTF_8);
        String line = text.substring(0, text.indexOf('\n'));
        assertTrue(line.contains(from), line);
        byte[] changed = line.replace(from, to).getBytes(StandardCharsets.UTF_8);
        String trailer =
                "{\"length\":%d,\"crc32c\":\"%s\"}".formatted(changed.length, Checksums.hex(Checksums.crc32c(changed)));
        return (new String(changed, StandardCharsets.UTF_8) + "\n" + trailer + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void unknownVersionsAreRefused() throws Exception {
        filled();
        String snapshot = ROOT + SnapshotSlots.path(2);
        byte[] bytes = store.read(snapshot);
        store.put(snapshot, withVersion(bytes, "\"format-version\":1", "\"format-version\":2"));
        assertRefused(List.of(ErrorCode.UNKNOWN_VERSION), "snapshot/", "version", () -> reader().latest());
        store.put(snapshot, withVersion(bytes, "\"feature-flags\":[]", "\"feature-flags\":[\"x\"]"));
        assertRefused(List.of(ErrorCode.UNKNOWN_VERSION), "snapshot/", "flag", () -> reader().latest());
        store.put(snapshot, bytes);
        byte[] boundary = BoundaryCodec.write(new Boundary(1, 0), BoundaryChain.path(1));
        store.put(ROOT + BoundaryChain.path(1), withVersion(boundary, "\"format-version\":1", "\"format-version\":9"));
        assertRefused(List.of(ErrorCode.UNKNOWN_VERSION), "boundary/1", "boundary", () -> reader().latest());
        store.delete(ROOT + BoundaryChain.path(1));
        String schema = ROOT + "schema/0.json";
        store.put(schema, withVersion(store.read(schema), "\"format-version\":1", "\"format-version\":3"));
        assertRefused(List.of(ErrorCode.UNKNOWN_VERSION), "schema/0.json", "schema", this::reader);
    }

    @Test
    void aChildOfAnotherParentIsNamed() throws Exception {
        filled();
        String path = ROOT + SnapshotSlots.path(1);
        store.put(path, withVersion(store.read(path), "\"kind\":\"APPEND\"", "\"kind\":\"OVERWRITE\""));
        SnapshotChain upwards = reader();
        assertEquals(1, upwards.snapshot(1).id());
        assertRefused(List.of(ErrorCode.CORRUPT_FILE), SnapshotSlots.path(2), "upwards", () -> upwards.snapshot(2));
        SnapshotChain downwards = reader();
        assertEquals(2, downwards.latest().orElseThrow().id());
        assertRefused(List.of(ErrorCode.CORRUPT_FILE), SnapshotSlots.path(2), "downwards", () -> downwards.snapshot(1));
    }

    @Test
    void aBoundaryHasTheBytesOfTheFormat() throws Exception {
        byte[] golden = Files.readAllBytes(Path.of("..", "spec", "golden", "boundary.json"));
        store.put(BoundaryChain.path(1), golden);
        assertEquals(5, new BoundaryChain(store).newest());
    }

    @Test
    void aSnapshotInTheWrongSlotIsNamed() throws Exception {
        filled();
        store.put(ROOT + SnapshotSlots.path(3), store.read(ROOT + SnapshotSlots.path(2)));
        assertRefused(List.of(ErrorCode.CORRUPT_FILE), SnapshotSlots.path(3), "wrong slot", () -> reader().latest());
    }

    /** A store that does what its put-if-absent must not do, or may not do anything. */
    private static final class BrokenStore extends ForwardingObjectStore {
        private final Optional<StreamhouseException> refusal;

        BrokenStore(ObjectStore store, Optional<StreamhouseException> refusal) {
            super(store);
            this.refusal = refusal;
        }

        private void requireWritable() {
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }

        @Override
        public void put(String path, byte[] bytes) throws IOException {
            requireWritable();
            super.put(path, bytes);
        }

        @Override
        public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
            put(path, bytes);
            return PutOutcome.CREATED;
        }

        @Override
        public ObjectOutput create(String path) throws IOException {
            requireWritable();
            return super.create(path);
        }

        @Override
        public boolean delete(String path) throws IOException {
            requireWritable();
            return super.delete(path);
        }

        @Override
        public void deleteDirectory(String directory) throws IOException {
            requireWritable();
            super.deleteDirectory(directory);
        }

        @Override
        public void close() {}
    }

    @Test
    void aStoreThatOverwritesGetsNoTable() throws Exception {
        ObjectStore overwriting = new BrokenStore(store, Optional.empty());
        Catalog catalog = Catalogs.open(TestWorld.components(overwriting, 1));
        catalog.createDatabase("shop", false);
        assertRefused(
                List.of(ErrorCode.NO_COMMIT_PRIMITIVE),
                store.uri(),
                "probe",
                () -> catalog.createTable(TestWorld.ORDERS, TestWorld.schema()));
        assertFalse(catalog.tableExists(TestWorld.ORDERS));
        assertEquals(List.of(), store.list("shop.db/orders"));
    }

    @Test
    void aWarehouseWithoutWritePermissionIsReadAndNamed() throws Exception {
        filled();
        StreamhouseException refusal =
                new StreamhouseException(ErrorCode.NO_PERMISSION, "no right to write to " + store.uri());
        Catalog catalog = Catalogs.open(TestWorld.components(new BrokenStore(store, Optional.of(refusal)), 1));
        SnapshotChain chain = catalog.table(TestWorld.ORDERS).snapshots();
        assertEquals(2, chain.latest().orElseThrow().id());
        UUID delta = new UUID(3, 3);
        SnapshotDraft draft = TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 1, 1)), List.of());
        List<Executable> writes = List.of(
                () -> chain.publish(chain.latest(), draft),
                () -> chain.fence(RestoredState.none("job"), OlderSavepoint.REFUSE),
                () -> catalog.createDatabase("bank", false),
                () -> catalog.dropTable(TestWorld.ORDERS, false),
                () -> catalog.alterOptions(TestWorld.ORDERS, Map.of("write-buffer-size", "32 mb"), java.util.Set.of()));
        for (Executable write : writes) {
            assertRefused(List.of(ErrorCode.NO_PERMISSION), store.uri(), "write", write);
        }
    }

    @Test
    void aWarehouseThatIsNoStoreIsRefused() {
        assertRefused(
                List.of(ErrorCode.BAD_OPTION_VALUE),
                "ftp",
                "scheme",
                () -> Catalogs.open(URI.create("ftp://host/x"), Map.of()));
        assertRefused(
                List.of(ErrorCode.BAD_OPTION_VALUE),
                "warehouse",
                "no scheme",
                () -> Catalogs.open(URI.create("warehouse"), Map.of()));
        assertRefused(
                List.of(ErrorCode.UNKNOWN_OPTION),
                "'warehous'",
                "option",
                () -> Catalogs.open(URI.create("file:///tmp/x"), Map.of("warehous", "y")));
    }

    @Test
    void aHeadThatIsNotPartOfTheChainMovesTheCaller() throws Exception {
        Snapshot head = filled();
        ObjectStore elsewhere = ObjectStores.memory();
        SnapshotChain other =
                TestWorld.newTable(TestWorld.components(elsewhere, 55)).snapshots();
        UUID delta = new UUID(3, 3);
        SnapshotDraft draft = TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 1, 1)), List.of());
        for (int i = 0; i < 3; i++) {
            UUID id = new UUID(4, i);
            other.publish(
                    other.latest(),
                    TestWorld.append(TestWorld.batch(id), List.of(TestWorld.file(id, 1, 1)), List.of()));
        }
        CommitOutcome outcome = other.publish(Optional.of(head), draft);
        assertEquals(
                3,
                assertInstanceOf(CommitOutcome.HeadMoved.class, outcome).head().id());
    }
}
