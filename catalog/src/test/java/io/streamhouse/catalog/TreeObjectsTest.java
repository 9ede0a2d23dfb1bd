package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.tree.TreeEdit;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.SeededIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of a tree stands in the snapshot, and what in objects of its own. */
class TreeObjectsTest {
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
            Snapshot made = TestWorld.publish(chain, draft);
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
                added.add(TestWorld.file(ids.next(), TreeHistory.ROWS, 8));
            }
            List<BlockRef> deletes = List.of(new BlockRef.Inline(new byte[3000]), new BlockRef.Inline(new byte[3000]));
            SnapshotDraft draft =
                    TestWorld.withDeletes(TestWorld.append(TestWorld.batch(ids.next()), added, masks), deletes);
            head = Optional.of(assertInstanceOf(CommitOutcome.Committed.class, chain.publish(head, draft))
                    .snapshot());
        }
        PublishStats stats = chain.stats();
        long puts = puts(store) - putsBefore - stats.hints();
        System.out.println("TreeObjectsTest: " + puts + " puts for 50 commits, " + stats);
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
