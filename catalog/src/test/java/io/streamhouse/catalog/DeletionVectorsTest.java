package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.tree.MaskFold;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A vector is the union of a live file's masks, at any snapshot, however its segments stand. */
class DeletionVectorsTest {
    private static final int ROWS = 70_000;
    private static final int ROLLBACK_EVERY = 15;
    private static final String DV = "shop.db/orders/dv";

    private final ObjectStore store = ObjectStores.memory();

    /** The masked positions of each live file, ascending by path. */
    private static final class Model {
        final Map<UUID, TreeSet<Integer>> files = new TreeMap<>();
        final Map<Long, Map<UUID, List<Integer>>> history = new TreeMap<>();
        final Map<Long, Set<UUID>> live = new TreeMap<>();
        int rollbacks;

        /** Goes back to a snapshot; the files that are new here or of which rows come back. */
        Set<UUID> rollBack(long to) {
            Set<UUID> renewed = new HashSet<>();
            Map<UUID, TreeSet<Integer>> then = new TreeMap<>();
            for (UUID file : live.get(to)) {
                then.put(file, new TreeSet<>(history.get(to).getOrDefault(file, List.of())));
                if (!then.get(file).equals(files.get(file))) {
                    renewed.add(file);
                }
            }
            files.clear();
            files.putAll(then);
            rollbacks++;
            return renewed;
        }

        void note(long snapshot) {
            live.put(snapshot, Set.copyOf(files.keySet()));
            Map<UUID, List<Integer>> masked = new TreeMap<>(MaskSegmentCodec::compare);
            files.forEach((file, positions) -> {
                if (!positions.isEmpty()) {
                    masked.put(file, List.copyOf(positions));
                }
            });
            history.put(snapshot, masked);
        }
    }

    private static Snapshot publish(SnapshotChain chain, SnapshotDraft draft) throws IOException {
        return assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft))
                .snapshot();
    }

    /** Appends that mask older files and their own, now and then thousands of positions; compactions; a rollback at times. */
    private static void commit(SnapshotChain chain, Model model, RandomGenerator random, SeededIds ids)
            throws IOException {
        if (model.history.size() % ROLLBACK_EVERY == ROLLBACK_EVERY - 1) {
            long to = 1 + random.nextInt(model.history.size());
            model.note(publish(
                            chain,
                            TestWorld.rollback(chain.snapshot(to), model.rollBack(to), TestWorld.batch(ids.next())))
                    .id());
            return;
        }
        List<UUID> live = new ArrayList<>(model.files.keySet());
        if (live.size() > 9 && random.nextInt(4) == 0) {
            Set<UUID> removed = new HashSet<>();
            for (int i = random.nextInt(2, 6); i > 0; i--) {
                removed.add(live.remove(random.nextInt(live.size())));
            }
            UUID output = ids.next();
            model.files.keySet().removeAll(removed);
            model.files.put(output, new TreeSet<>(Set.of(1, 5, 77)));
            FileMask translated = new FileMask(output, new int[] {1, 5, 77});
            model.note(publish(chain, TestWorld.compact(List.of(file(output)), removed, List.of(translated)))
                    .id());
            return;
        }
        UUID added = ids.next();
        live.add(added);
        model.files.put(added, new TreeSet<>());
        int most = random.nextInt(10) == 0 ? 20_000 : 60;
        Map<UUID, TreeSet<Integer>> masked = new TreeMap<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            UUID file = live.get(random.nextInt(live.size()));
            int position = random.nextInt(ROWS);
            if (model.files.get(file).add(position)) {
                masked.computeIfAbsent(file, f -> new TreeSet<>()).add(position);
            }
        }
        List<FileMask> masks = new ArrayList<>();
        masked.forEach((file, positions) ->
                masks.add(new FileMask(file, positions.stream().mapToInt(p -> p).toArray())));
        model.note(publish(chain, TestWorld.append(TestWorld.batch(ids.next()), List.of(file(added)), masks))
                .id());
    }

    private static DataFile file(UUID id) {
        return TestWorld.file(id, ROWS, 7);
    }

    @Test
    void everySnapshotFoldsToTheMasksOfItsFiles() throws Exception {
        long seed = Seeds.of("DeletionVectorsTest");
        Components components = TestWorld.components(store, seed);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        Model model = new Model();
        RandomGenerator random = Seeds.random(seed);
        SeededIds ids = new SeededIds(seed);
        for (int i = 0; i < 120; i++) {
            commit(chain, model, random, ids);
        }
        PublishStats stats = chain.stats();
        assertTrue(stats.segmentsMerged() > 0 && stats.maskObjects() > 0, "" + stats);
        assertEquals(120 / ROLLBACK_EVERY, model.rollbacks);
        Table reader = TestWorld.openTable(components);
        int vectors = 0;
        int notLive = 0;
        for (long id = 1; id <= 120; id++) {
            Snapshot snapshot = reader.snapshots().snapshot(id);
            Map<UUID, List<Integer>> expected = model.history.get(id);
            Optional<VectorFile> written = DeletionVectors.of(reader).write(snapshot);
            assertEquals(expected.isEmpty(), written.isEmpty(), "snapshot " + id);
            if (written.isPresent()) {
                assertEquals(expected, read(reader, snapshot, written.get()), "snapshot " + id);
                vectors += expected.size();
            }
            List<MaskSegment> segments = reader.snapshots().tree(snapshot).segments();
            Set<UUID> live = reader.snapshots().files(snapshot);
            Map<UUID, List<Integer>> fold = folded(segments, new HashSet<>());
            notLive += fold.keySet().stream().filter(f -> !live.contains(f)).count();
            if (segments.size() > 1) {
                // the judge sees it when a segment is left out
                Map<UUID, List<Integer>> less = folded(segments.subList(1, segments.size()), live);
                if (!segments.get(0).masks().stream().allMatch(m -> !live.contains(m.file()))) {
                    assertNotEquals(expected, less, "snapshot " + id);
                }
            }
        }
        assertTrue(vectors > 500 && notLive > 10, vectors + " vectors, " + notLive + " masks of files that are gone");
    }

    /** The vectors of a file in its order, read through their references; the footer says the same. */
    private static Map<UUID, List<Integer>> read(Table table, Snapshot snapshot, VectorFile file) throws IOException {
        ObjectStore store = table.components().store();
        assertTrue(file.path().matches("dv/[0-9a-f-]{36}\\.puffin"), file.path());
        PuffinFiles.verify(store, file);
        Map<String, FileEntry> entries = table.snapshots().tree(snapshot).entries().stream()
                .collect(Collectors.toMap(e -> DeletionVectors.of(table).location(e.file()), e -> e));
        Map<UUID, List<Integer>> out = new TreeMap<>(MaskSegmentCodec::compare);
        List<UUID> order = new ArrayList<>();
        for (VectorFile.Blob blob : file.blobs()) {
            DataFile data = entries.get(blob.dataFile()).file();
            assertTrue(blob.dataFile().startsWith(store.uri() + "/data/"), blob.dataFile());
            int[] positions =
                    PuffinFiles.read(store, file.path(), blob, data.rowCount()).positions();
            assertEquals(blob.cardinality(), positions.length);
            out.put(data.object().id(), boxed(positions));
            order.add(data.object().id());
        }
        assertEquals(List.copyOf(out.keySet()), order);
        return out;
    }

    /** What the fold of some segments gives, of these files only or of all if none are named. */
    private static Map<UUID, List<Integer>> folded(List<MaskSegment> segments, Set<UUID> files) {
        Map<UUID, List<Integer>> out = new TreeMap<>(MaskSegmentCodec::compare);
        for (MaskFold fold = new MaskFold(segments); fold.next(); ) {
            if (files.isEmpty() || files.contains(fold.file())) {
                out.put(fold.file(), boxed(fold.positions()));
            }
        }
        return out;
    }

    private static List<Integer> boxed(int[] positions) {
        return Arrays.stream(positions).boxed().toList();
    }

    @Test
    void segmentsThatMaskOnePositionTwiceCountItOnce() {
        UUID first = new UUID(1, 1);
        UUID second = new UUID(-1, 1);
        MaskFold fold = new MaskFold(List.of(
                new MaskSegment(
                        1, 4, List.of(new FileMask(first, new int[] {3, 9}), new FileMask(second, new int[] {0}))),
                new MaskSegment(5, 5, List.of()),
                new MaskSegment(6, 6, List.of(new FileMask(first, new int[] {1, 9, 70})))));
        assertTrue(fold.next());
        assertEquals(first, fold.file());
        assertArrayEquals(new int[] {1, 3, 9, 70}, fold.positions());
        assertTrue(fold.next());
        assertEquals(second, fold.file());
        assertArrayEquals(new int[] {0}, fold.positions());
        assertEquals(false, fold.next());
        assertEquals(false, new MaskFold(List.of()).next());
    }

    @Test
    void aSnapshotWithoutMasksOfLiveFilesWritesNothing() throws Exception {
        Table table = TestWorld.newTable(TestWorld.components(store, 2));
        SnapshotChain chain = table.snapshots();
        UUID a = new UUID(1, 1);
        UUID b = new UUID(1, 2);
        Snapshot unmasked = publish(chain, TestWorld.append(TestWorld.batch(a), List.of(file(a), file(b)), List.of()));
        Snapshot masked = publish(
                chain,
                TestWorld.append(TestWorld.batch(b), List.of(), List.of(new FileMask(a, new int[] {0, ROWS - 1}))));
        Snapshot compacted = publish(chain, TestWorld.compact(List.of(), Set.of(a), List.of()));
        DeletionVectors vectors = DeletionVectors.of(table);
        assertEquals(Optional.empty(), vectors.write(unmasked));
        assertEquals(Optional.empty(), vectors.write(compacted));
        assertEquals(List.of(), store.list(DV));
        ObjectStore elsewhere = ObjectStores.memory();
        VectorFile written = vectors.write(masked, elsewhere, "a/b.puffin").orElseThrow();
        assertEquals(
                List.of(2),
                written.blobs().stream().map(VectorFile.Blob::cardinality).toList());
        assertEquals(written, PuffinFiles.describe(elsewhere, "a/b.puffin"));
        assertEquals(List.of(), store.list(DV));
    }

    @Test
    void aMaskBehindTheLastRowIsCorruptAndLeavesNothing() throws Exception {
        Table table = TestWorld.newTable(TestWorld.components(store, 3));
        SnapshotChain chain = table.snapshots();
        UUID good = new UUID(1, 1);
        UUID bad = new UUID(1, 2);
        Snapshot snapshot = publish(
                chain,
                TestWorld.append(
                        TestWorld.batch(good),
                        List.of(file(good), file(bad)),
                        List.of(new FileMask(good, new int[] {4}), new FileMask(bad, new int[] {7, ROWS}))));
        StreamhouseException e = assertThrows(
                StreamhouseException.class, () -> DeletionVectors.of(table).write(snapshot));
        assertEquals(ErrorCode.CORRUPT_FILE, e.code());
        assertTrue(e.getMessage().contains("data/" + bad) && e.getMessage().contains("" + ROWS), e.getMessage());
        assertEquals(List.of(), store.list(DV));
    }

    @Test
    void aFailedWriteLeavesNothing() throws Exception {
        Components components = TestWorld.components(store, 4);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        UUID id = new UUID(1, 1);
        FileMask mask =
                new FileMask(id, IntStream.range(0, 9_000).map(i -> i * 7).toArray());
        publish(chain, TestWorld.append(TestWorld.batch(id), List.of(file(id)), List.of(mask)));
        FaultPolicy policy = FaultPolicy.at(1, StoreCall.COMMIT, "/dv/", Fault.ERROR_BEFORE);
        Table table = TestWorld.openTable(components.withStore(new FaultyObjectStore(store, policy)));
        Snapshot head = table.snapshots().latest().orElseThrow();
        assertThrows(IOException.class, () -> DeletionVectors.of(table).write(head));
        assertEquals(List.of(), store.list(DV));
        assertTrue(DeletionVectors.of(table).write(head).isPresent());
    }

    @Test
    void snapshotsThatAreNotThereAreRefusedByName() throws Exception {
        ExpiryWorld world = new ExpiryWorld(5, ExpiryWorld.FEW);
        List<Snapshot> held = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            world.commit();
            held.add(world.chain.latest().orElseThrow());
        }
        world.settle(world.table.expiry());
        Set<String> standing = ExpiryWorld.standing(world.root);
        Table table = world.open(world.warehouse);
        long earliest = table.snapshots().earliestId().orElseThrow();
        held.removeIf(s -> s.id() >= earliest || standing.containsAll(manifests(s)));
        assertTrue(held.size() > 2, held.size() + " snapshots whose manifests are gone");
        for (Snapshot s : held) {
            List<StreamhouseException> errors = List.of(
                    assertThrows(
                            StreamhouseException.class,
                            () -> DeletionVectors.of(table).write(s),
                            "went while it was read"),
                    assertThrows(
                            StreamhouseException.class, () -> table.snapshots().snapshot(s.id())));
            for (StreamhouseException e : errors) {
                assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code());
                assertTrue(e.getMessage().contains("snapshot " + s.id() + " of"), e.getMessage());
                assertTrue(e.getMessage().contains("read is " + earliest), e.getMessage());
            }
        }
        StreamhouseException never =
                assertThrows(StreamhouseException.class, () -> table.snapshots().snapshot(1_000));
        assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, never.code());
        assertEquals(List.of(), world.root.list("dv"));
    }

    private static List<String> manifests(Snapshot snapshot) {
        return snapshot.tree().manifests().stream().map(ManifestRef::path).toList();
    }
}
