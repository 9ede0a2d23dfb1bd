package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.tree.TreeEdit;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Spilling and merging change where entries and masks stand, never what they are. */
class TreeModelTest {
    private static final int ROWS = 4_000;

    /** What the tree must be at one snapshot: live file to addedIn, and its masked positions. */
    private record Expected(Map<UUID, Long> files, Map<UUID, BitSet> masks) {
        /** A copy; the bit sets are shared and never changed. */
        Expected copy() {
            return new Expected(new TreeMap<>(files), new HashMap<>(masks));
        }
    }

    private final Map<Long, Expected> history = new TreeMap<>();
    private long removedEver;
    private long renewedEver;
    private double rollbacks;
    /** How many snapshots the merges beside the commits are late at most; negative: there are none. */
    private int mergesLate = -1;

    private final Expected now = new Expected(new TreeMap<>(), new HashMap<>());

    @Test
    void treesOfAppendsEqualTheModelAtEverySnapshot() throws Exception {
        PublishStats stats = run(Seeds.of("TreeModelTest.appends"), 500, 0, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.manifestsMerged() > 0, stats.toString());
        assertTrue(stats.segmentsMerged() > 0, stats.toString());
    }

    @Test
    void treesWithCompactionsEqualTheModelAtEverySnapshot() throws Exception {
        PublishStats stats = run(Seeds.of("TreeModelTest.compactions"), 400, 0.2, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.segmentsMerged() > 0, stats.toString());
        assertTrue(removedEver > 0, "removals of manifest entries were listed");
    }

    /** Rollbacks to near and far snapshots, back and forth, between appends and compactions. */
    @Test
    void treesThatGoBackEqualTheModelAtEverySnapshot() throws Exception {
        rollbacks = 0.15;
        PublishStats stats = run(Seeds.of("TreeModelTest.rollbacks"), 300, 0.1, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.segmentsMerged() > 0, stats.toString());
        assertTrue(renewedEver > 100, renewedEver + " files renewed");
    }

    @Test
    void commitsMergeNothingWhereItIsDoneBesideThem() throws Exception {
        mergesLate = 0;
        PublishStats stats = run(Seeds.of("TreeModelTest.beside"), 160, 0, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.mergesTakenIn() > 20, stats.toString());
        assertEquals(0, stats.manifestsMerged() + stats.segmentsMerged(), stats.toString());
    }

    @Test
    void removedEntriesLeaveTheManifestsBesideTheCommits() throws Exception {
        mergesLate = 0;
        PublishStats stats = run(Seeds.of("TreeModelTest.removedBeside"), 400, 0.4, 60);
        assertTrue(stats.mergesTakenIn() > 20, stats.toString());
        assertEquals(0, stats.manifestsMerged() + stats.segmentsMerged(), stats.toString());
    }

    /** Merges of older snapshots, while files leave the tree and come back by rollbacks. */
    @Test
    void lateMergesAreTakenInOrDroppedAndTreesStayWhatTheyAre() throws Exception {
        mergesLate = 6;
        rollbacks = 0.12;
        PublishStats stats = run(Seeds.of("TreeModelTest.late"), 350, 0.15, 60);
        assertTrue(stats.mergesTakenIn() > 10, stats.toString());
        assertTrue(renewedEver > 100, renewedEver + " files renewed");
    }

    /** Merged while a compaction had taken the file away, offered when a rollback has brought it back with its masks. */
    @Test
    void aMergeThatIsSilentAboutAFileIsNotTakenInOnceTheFileIsBack() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 3))
                .snapshots();
        UUID file = new UUID(1, 1);
        UUID other = new UUID(1, 2);
        publish(
                chain,
                TestWorld.append(
                        TestWorld.batch(new UUID(2, 0)),
                        List.of(TestWorld.file(file, ROWS, 1), TestWorld.file(other, ROWS, 1)),
                        List.of()));
        Snapshot masked = null;
        for (int n = 1; n <= 10; n++) {
            List<FileMask> masks = List.of(new FileMask(file, new int[] {n}), new FileMask(other, new int[] {n}));
            masked = publish(chain, TestWorld.append(TestWorld.batch(new UUID(2, n)), List.of(), masks));
        }
        UUID output = new UUID(1, 3);
        Snapshot compacted =
                publish(chain, TestWorld.compact(List.of(TestWorld.file(output, ROWS, 1)), Set.of(file), List.of()));
        assertEquals(1, chain.merges().run(compacted));
        publish(chain, rollback(masked, Set.of(file), TestWorld.batch(new UUID(3, 1)), 0));
        Snapshot next = publish(
                chain,
                TestWorld.append(
                        TestWorld.batch(new UUID(3, 2)), List.of(), List.of(new FileMask(file, new int[] {99}))));
        Map<UUID, BitSet> masks = masks(chain.tree(next), Set.of(file, other));
        assertEquals("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99}", masks.get(file).toString());
        assertEquals("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}", masks.get(other).toString());
        assertEquals(0, chain.stats().mergesTakenIn());
    }

    @Test
    void aRollbackRenewsFilesOfAnOlderSnapshotOnly() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 3))
                .snapshots();
        UUID file = new UUID(1, 1);
        Snapshot first = publish(
                chain, TestWorld.append(TestWorld.batch(file), List.of(TestWorld.file(file, ROWS, 1)), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> chain.publish(
                        Optional.of(first),
                        rollback(first, Set.of(new UUID(9, 9)), TestWorld.batch(new UUID(2, 2)), 0)));
        Snapshot second = publish(chain, rollback(first, Set.of(file), TestWorld.batch(new UUID(2, 3)), 0));
        assertEquals(2, chain.tree(second).entries().get(0).addedIn());
        assertEquals(1, chain.tree(second).entries().get(0).bornIn());
        assertEquals(2, second.tree().lastRemovalIn());
        assertEquals(first.totals(), second.totals());
        assertThrows(
                IllegalArgumentException.class,
                () -> chain.publish(
                        Optional.of(first), rollback(second, Set.of(), TestWorld.batch(new UUID(2, 4)), 0)));
    }

    private static Snapshot publish(SnapshotChain chain, SnapshotDraft draft) throws Exception {
        return assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft))
                .snapshot();
    }

    private static SnapshotDraft rollback(Snapshot target, Set<UUID> renewed, DeltaIdentity identity, long rows) {
        return new SnapshotDraft(
                SnapshotKind.ROLLBACK,
                Optional.of(identity),
                0,
                TestWorld.NO_BASE,
                List.of(),
                Set.of(),
                List.of(),
                CommitChange.NONE,
                rows,
                KeyDigest.ZERO,
                OptionalLong.empty(),
                Map.of(),
                Optional.of(new SnapshotDraft.Restored(target, renewed)));
    }

    private SnapshotDraft rollback(RandomGenerator random, SnapshotChain chain, SeededIds ids) throws Exception {
        long target = 1 + random.nextLong(history.size());
        Expected then = history.get(target);
        Set<UUID> renewed = new HashSet<>();
        then.files.forEach((file, addedIn) -> {
            boolean same = addedIn.equals(now.files.get(file))
                    && then.masks.getOrDefault(file, new BitSet()).equals(now.masks.getOrDefault(file, new BitSet()));
            if (!same) {
                renewed.add(file);
            }
        });
        renewedEver += renewed.size();
        return rollback(chain.snapshot(target), renewed, TestWorld.batch(ids.next()), 0);
    }

    @Test
    void largeMasksGoToObjectsOfTheirOwn() throws Exception {
        PublishStats stats = run(Seeds.of("TreeModelTest.masks"), 80, 0, 12_000);
        assertTrue(stats.maskObjects() > 0 && stats.segmentsMerged() > 0, stats.toString());
    }

    /** Every third commit's masks are too long for the snapshot, so that inline segments never stand in a row for long. */
    @Test
    void allInlineSegmentsCountAsRepeatedBytes() throws Exception {
        ObjectStore store = ObjectStores.memory();
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(store, 1)).snapshots();
        int stored = 0;
        long most = 0;
        for (int n = 1; n <= 60; n++) {
            UUID file = new UUID(4, n);
            int positions = n % 3 == 0 ? 12_000 : 6_000;
            FileMask mask = new FileMask(
                    file, IntStream.range(0, positions).map(i -> i * 3).toArray());
            SnapshotDraft draft =
                    TestWorld.append(TestWorld.batch(file), List.of(TestWorld.file(file, 40_000, 1)), List.of(mask));
            Snapshot made = assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft))
                    .snapshot();
            List<SegmentRef> segments = made.tree().segments();
            assertEquals(n, segments.get(segments.size() - 1).toSnapshot());
            long repeated = 0;
            for (SegmentRef older : segments.subList(0, segments.size() - 1)) {
                repeated += older.block() instanceof BlockRef.Inline inline ? inline.length() : 0;
                stored += older.block() instanceof BlockRef.Stored ? 1 : 0;
            }
            most = Math.max(most, repeated);
            assertTrue(repeated <= TreeEdit.MAX_INLINE_SEGMENT_BYTES, "snapshot %d repeats %d".formatted(n, repeated));
            assertEquals(n, chain.tree(made).entries().size());
        }
        assertTrue(stored > 0);
        assertTrue(most > TreeEdit.MAX_INLINE_SEGMENT_BYTES / 2, "at most %d bytes repeated".formatted(most));
    }

    private PublishStats run(long seed, int commits, double compactions, int maskedPositions) throws Exception {
        RandomGenerator random = Seeds.random(seed);
        SeededIds ids = new SeededIds(seed);
        ObjectStore store = ObjectStores.memory();
        Components components = TestWorld.components(store, seed);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        Optional<Snapshot> head = Optional.empty();
        for (int n = 1; n <= commits; n++) {
            boolean compact = random.nextDouble() < compactions && now.files.size() > 8;
            SnapshotDraft draft = n > 1 && random.nextDouble() < rollbacks
                    ? rollback(random, chain, ids)
                    : compact ? compaction(random, ids) : append(random, ids, maskedPositions);
            CommitOutcome outcome = chain.publish(head, draft);
            Snapshot made =
                    assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
            note(made.id(), draft);
            removedEver += made.tree().tail().removed().size();
            checkShape(made, !draft.masks().isEmpty());
            head = Optional.of(made);
            if (mergesLate >= 0) {
                long late = Math.min(made.id() - 1, random.nextInt(mergesLate + 1));
                chain.merges().run(chain.snapshot(made.id() - late));
            }
        }
        chain.merges().withdraw();
        if (mergesLate >= 0) {
            checkNothingIsLeft(components, chain);
        }
        PublishStats stats = chain.stats();
        System.out.println("TreeModelTest: " + stats);
        assertEquals(commits, stats.snapshots());
        // Another process, which has nothing cached.
        SnapshotChain reader = TestWorld.openTable(components).snapshots();
        long newest = reader.latest().orElseThrow().id();
        for (long id = 1; id <= newest; id++) {
            checkTree(reader, id);
            checkSince(reader, id, random.nextLong(0, id + 1));
        }
        return stats;
    }

    /** Every object of metadata is named by a snapshot. */
    private static void checkNothingIsLeft(Components components, SnapshotChain chain) throws Exception {
        Set<String> named = new HashSet<>();
        for (Snapshot s : chain.list(1, Long.MAX_VALUE)) {
            s.tree().manifests().forEach(m -> named.add(m.path()));
            for (SegmentRef ref : s.tree().segments()) {
                if (ref.block() instanceof BlockRef.Stored stored) {
                    named.add(stored.path());
                }
            }
        }
        ObjectStore store = TestWorld.openTable(components).components().store();
        for (String directory : List.of("manifest", "mask")) {
            store.list(directory).forEach(o -> assertTrue(named.contains(o.path()), o.path() + " is named by none"));
        }
    }

    private SnapshotDraft append(RandomGenerator random, SeededIds ids, int maskedPositions) {
        List<DataFile> added = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            added.add(TestWorld.file(ids.next(), ROWS, random.nextInt(8, 25)));
        }
        Map<UUID, Set<Integer>> masked = new TreeMap<>();
        List<UUID> live = List.copyOf(now.files.keySet());
        for (int i = live.isEmpty() ? 0 : random.nextInt(maskedPositions); i > 0; i--) {
            UUID file = live.get(random.nextInt(live.size()));
            int position = random.nextInt(ROWS);
            if (!now.masks.getOrDefault(file, new BitSet()).get(position)) {
                masked.computeIfAbsent(file, f -> new TreeSet<>()).add(position);
            }
        }
        DeltaIdentity identity = TestWorld.batch(ids.next());
        return TestWorld.append(identity, added, masks(masked));
    }

    private static List<FileMask> masks(Map<UUID, Set<Integer>> masked) {
        List<FileMask> out = new ArrayList<>();
        masked.forEach((file, positions) ->
                out.add(new FileMask(file, positions.stream().mapToInt(p -> p).toArray())));
        return out;
    }

    private SnapshotDraft compaction(RandomGenerator random, SeededIds ids) {
        List<UUID> live = new ArrayList<>(now.files.keySet());
        Set<UUID> removed = new HashSet<>();
        for (int i = random.nextInt(2, 8); i > 0; i--) {
            removed.add(live.remove(random.nextInt(live.size())));
        }
        UUID output = ids.next();
        // Masks that were set on the inputs meanwhile, translated.
        List<FileMask> masks = List.of(new FileMask(output, new int[] {1, 5, 77}));
        return TestWorld.compact(List.of(TestWorld.file(output, ROWS, 4)), removed, masks);
    }

    private void note(long id, SnapshotDraft draft) {
        if (draft.restored().isPresent()) {
            Expected then = history.get(draft.restored().get().target().id()).copy();
            now.files.clear();
            now.masks.clear();
            now.files.putAll(then.files);
            now.masks.putAll(then.masks);
            draft.restored().get().renewed().forEach(file -> now.files.put(file, id));
        }
        for (UUID file : draft.removed()) {
            now.files.remove(file);
            now.masks.remove(file);
        }
        for (DataFile file : draft.added()) {
            now.files.put(file.object().id(), id);
        }
        for (FileMask mask : draft.masks()) {
            now.masks.merge(mask.file(), bits(mask.positions()), TreeModelTest::union);
        }
        history.put(id, now.copy());
    }

    private static void checkShape(Snapshot s, boolean masked) {
        List<SegmentRef> segments = s.tree().segments();
        assertTrue(segments.size() <= 16, () -> segments.size() + " segments");
        assertTrue(s.tree().manifests().size() <= 10, () -> s.tree().manifests().size() + " manifests");
        for (int i = 1; i < segments.size(); i++) {
            assertTrue(segments.get(i - 1).toSnapshot() < segments.get(i).fromSnapshot());
        }
        if (masked) {
            SegmentRef own = segments.get(segments.size() - 1);
            assertEquals(s.id(), own.fromSnapshot());
            assertEquals(s.id(), own.toSnapshot());
        }
    }

    private void checkTree(SnapshotChain chain, long id) throws Exception {
        Snapshot snapshot = chain.snapshot(id);
        TableTree tree = chain.tree(snapshot);
        assertEquals(0, tree.since());
        Expected expected = history.get(id);
        assertEquals(expected.files, files(tree));
        assertEquals(expected.masks, masks(tree, expected.files.keySet()));
        long rowId = 0;
        List<FileEntry> byRowId = new ArrayList<>(tree.entries());
        byRowId.sort(Comparator.comparingLong(FileEntry::firstRowId));
        for (FileEntry entry : byRowId) {
            assertTrue(entry.firstRowId() >= rowId, "row ids of files do not overlap");
            rowId = entry.firstRowId() + entry.file().rowCount();
        }
        assertTrue(rowId <= snapshot.totals().nextRowId());
    }

    private void checkSince(SnapshotChain chain, long id, long since) throws Exception {
        Snapshot snapshot = chain.snapshot(id);
        TableTree tree = chain.treeSince(snapshot, since);
        Expected expected = history.get(id);
        if (tree.since() == 0) {
            assertEquals(expected.files, files(tree));
            return;
        }
        assertEquals(since, tree.since());
        Expected base = history.get(since);
        Map<UUID, Long> added = new TreeMap<>(expected.files);
        base.files.keySet().forEach(added::remove);
        assertEquals(added, files(tree));
        // Masks only grow: those known at the base, and those handed out, are all there are.
        Map<UUID, BitSet> union = new HashMap<>(base.masks);
        masks(tree, expected.files.keySet()).forEach((file, bits) -> union.merge(file, bits, TreeModelTest::union));
        assertEquals(expected.masks, union);
    }

    private static Map<UUID, Long> files(TableTree tree) {
        Map<UUID, Long> out = new TreeMap<>();
        for (FileEntry entry : tree.entries()) {
            Long twice = out.put(entry.file().object().id(), entry.addedIn());
            assertEquals(null, twice, "an entry stands twice");
        }
        return out;
    }

    private static Map<UUID, BitSet> masks(TableTree tree, Set<UUID> live) {
        Map<UUID, BitSet> out = new HashMap<>();
        for (MaskSegment segment : tree.segments()) {
            for (FileMask mask : segment.masks()) {
                if (live.contains(mask.file())) {
                    out.merge(mask.file(), bits(mask.positions()), TreeModelTest::union);
                }
            }
        }
        return out;
    }

    private static BitSet bits(int[] positions) {
        BitSet out = new BitSet();
        for (int position : positions) {
            out.set(position);
        }
        return out;
    }

    private static BitSet union(BitSet a, BitSet b) {
        BitSet out = (BitSet) a.clone();
        out.or(b);
        return out;
    }

    @Test
    void aCommitMakesAtMostTheSnapshotOneMaskObjectAndNowAndThenAManifest() throws Exception {
        SeededIds ids = new SeededIds(5);
        CountingObjectStore store = CountingObjectStore.ofTable(ObjectStores.memory(), "shop.db/orders");
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(store, 5)).snapshots();
        long before = chain.stats().snapshots();
        long putsBefore = puts(store);
        Optional<Snapshot> head = Optional.empty();
        for (int n = 0; n < 50; n++) {
            List<FileMask> masks = new ArrayList<>();
            for (FileEntry entry : head.isPresent() ? chain.tree(head.get()).entries() : List.<FileEntry>of()) {
                masks.add(new FileMask(entry.file().object().id(), range(n * 60, 60)));
            }
            List<DataFile> added = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                added.add(TestWorld.file(ids.next(), ROWS, 8));
            }
            List<BlockRef> deletes = List.of(new BlockRef.Inline(new byte[3000]), new BlockRef.Inline(new byte[3000]));
            SnapshotDraft draft =
                    TestWorld.withDeletes(TestWorld.append(TestWorld.batch(ids.next()), added, masks), deletes);
            head = Optional.of(assertInstanceOf(CommitOutcome.Committed.class, chain.publish(head, draft))
                    .snapshot());
        }
        PublishStats stats = chain.stats();
        long puts = puts(store) - putsBefore - stats.hints();
        System.out.println("TreeModelTest: " + puts + " puts for 50 commits, " + stats);
        assertEquals(50, stats.snapshots() - before);
        long merges = stats.manifestsMerged() + stats.segmentsMerged();
        assertTrue(puts - merges <= 50 * 2 + 10, puts + " puts, " + merges + " of them merges");
        assertTrue(stats.manifestsSpilled() <= 10, stats.toString());
    }

    private static long puts(CountingObjectStore store) {
        return store.counts().putCount();
    }

    private static int[] range(int from, int count) {
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = from + i;
        }
        return out;
    }

    @Test
    void largeDeleteBlocksShareTheObjectOfTheMasks() throws Exception {
        ObjectStore store = ObjectStores.memory();
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(store, 6)).snapshots();
        UUID file = new UUID(1, 1);
        byte[] small = new byte[100];
        byte[] large = new byte[9000];
        small[7] = 1;
        large[7] = 2;
        SnapshotDraft draft = TestWorld.withDeletes(
                TestWorld.append(
                        TestWorld.batch(file),
                        List.of(TestWorld.file(file, 100_000, 1)),
                        List.of(new FileMask(file, every(7, 10_000)))),
                List.of(new BlockRef.Inline(small), new BlockRef.Inline(large)));
        Snapshot made = assertInstanceOf(CommitOutcome.Committed.class, chain.publish(Optional.empty(), draft))
                .snapshot();
        assertEquals(1, store.list("shop.db/orders/mask").size());
        Components scoped = TestWorld.openTable(TestWorld.components(store, 7)).components();
        List<BlockRef> deletes = made.change().deletes();
        assertEquals(7, indexOf(1, ColumnFiles.readBlock(scoped.store(), deletes.get(0))));
        assertEquals(7, indexOf(2, ColumnFiles.readBlock(scoped.store(), deletes.get(1))));
        MaskSegment own = TestWorld.openTable(TestWorld.components(store, 8))
                .snapshots()
                .tree(made)
                .segments()
                .get(0);
        assertEquals(10_000, own.positionCount());
    }

    private static int[] every(int step, int count) {
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = i * step;
        }
        return out;
    }

    private static int indexOf(int value, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == value) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void manifestsSayWhatTheyCover() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 9))
                .snapshots();
        List<DataFile> added = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            added.add(TestWorld.file(new UUID(3, i), 100, 8));
        }
        CommitOutcome outcome =
                chain.publish(Optional.empty(), TestWorld.append(TestWorld.batch(new UUID(4, 4)), added, List.of()));
        Snapshot made = assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
        ManifestRef ref = made.tree().manifests().get(0);
        assertEquals(200, ref.entries());
        assertEquals(0, ref.range().minBucket());
        assertEquals(7, ref.range().maxBucket());
        assertEquals(1, ref.range().minAddedIn());
        assertEquals(1, ref.range().maxAddedIn());
        assertTrue(made.tree().tail().entries().isEmpty());
    }
}
