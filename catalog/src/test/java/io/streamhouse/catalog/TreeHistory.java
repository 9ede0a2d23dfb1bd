package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A random history of one table, whose tree is held against the model at every snapshot. */
final class TreeHistory {
    static final int ROWS = 4_000;
    /** The commits merge by themselves. */
    static final int NO_MERGES_BESIDE = -1;

    private final double rollbacks;
    private final int mergesLate;
    private final TreeModel model = new TreeModel();
    private long removedEver;
    private long renewedEver;

    /**
     * @param rollbacks the part of the commits that go back to an older snapshot
     * @param mergesLate how many snapshots the merges beside the commits are late at most, or {@link #NO_MERGES_BESIDE}
     */
    TreeHistory(double rollbacks, int mergesLate) {
        this.rollbacks = rollbacks;
        this.mergesLate = mergesLate;
    }

    /** Entries of manifests that were removed so far. */
    long removedEver() {
        return removedEver;
    }

    /** Files that rollbacks have brought back so far. */
    long renewedEver() {
        return renewedEver;
    }

    PublishStats run(long seed, int commits, double compactions, int maskedPositions) throws Exception {
        RandomGenerator random = Seeds.random(seed);
        SeededIds ids = new SeededIds(seed);
        ObjectStore store = ObjectStores.memory();
        Components components = TestWorld.components(store, seed);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        Optional<Snapshot> head = Optional.empty();
        for (int n = 1; n <= commits; n++) {
            boolean compact = random.nextDouble() < compactions && model.live().size() > 8;
            SnapshotDraft draft = n > 1 && random.nextDouble() < rollbacks
                    ? rollback(random, chain, ids)
                    : compact ? compaction(random, ids) : append(random, ids, maskedPositions);
            CommitOutcome outcome = chain.publish(head, draft);
            Snapshot made =
                    assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
            model.note(made.id(), draft);
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
            model.checkTree(reader, id);
            model.checkSince(reader, id, random.nextLong(0, id + 1));
        }
        return stats;
    }

    private SnapshotDraft rollback(RandomGenerator random, SnapshotChain chain, SeededIds ids) throws Exception {
        long target = 1 + random.nextLong(model.snapshots());
        Set<UUID> renewed = model.changedSince(target);
        renewedEver += renewed.size();
        return TestWorld.rollback(chain.snapshot(target), renewed, TestWorld.batch(ids.next()));
    }

    private SnapshotDraft append(RandomGenerator random, SeededIds ids, int maskedPositions) {
        List<DataFile> added = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            added.add(TestWorld.file(ids.next(), ROWS, random.nextInt(8, 25)));
        }
        Map<UUID, Set<Integer>> masked = new TreeMap<>();
        List<UUID> live = List.copyOf(model.live());
        for (int i = live.isEmpty() ? 0 : random.nextInt(maskedPositions); i > 0; i--) {
            UUID file = live.get(random.nextInt(live.size()));
            int position = random.nextInt(ROWS);
            if (!model.isMasked(file, position)) {
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
        List<UUID> live = new ArrayList<>(model.live());
        Set<UUID> removed = new HashSet<>();
        for (int i = random.nextInt(2, 8); i > 0; i--) {
            removed.add(live.remove(random.nextInt(live.size())));
        }
        UUID output = ids.next();
        // Masks that were set on the inputs meanwhile, translated.
        List<FileMask> masks = List.of(new FileMask(output, new int[] {1, 5, 77}));
        return TestWorld.compact(List.of(TestWorld.file(output, ROWS, 4)), removed, masks);
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
}
