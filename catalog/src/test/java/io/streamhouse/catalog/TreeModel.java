package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What the tree of a table must be at each of its snapshots, and whether it is. */
final class TreeModel {
    /** What the tree must be at one snapshot: live file to addedIn, and its masked positions. */
    private record Expected(Map<UUID, Long> files, Map<UUID, BitSet> masks) {
        /** A copy; the bit sets are shared and never changed. */
        Expected copy() {
            return new Expected(new TreeMap<>(files), new HashMap<>(masks));
        }
    }

    private final Map<Long, Expected> history = new TreeMap<>();
    private final Expected now = new Expected(new TreeMap<>(), new HashMap<>());

    /** The files that are live in the newest snapshot. */
    Set<UUID> live() {
        return Collections.unmodifiableSet(now.files.keySet());
    }

    /** Whether a row of the newest snapshot is masked. */
    boolean isMasked(UUID file, int position) {
        return now.masks.getOrDefault(file, new BitSet()).get(position);
    }

    /** How many snapshots were noted. */
    int snapshots() {
        return history.size();
    }

    /** The files of a snapshot that the newest one does not hold, or not with the same masks and the same age. */
    Set<UUID> changedSince(long target) {
        Expected then = history.get(target);
        Set<UUID> changed = new HashSet<>();
        then.files.forEach((file, addedIn) -> {
            boolean same = addedIn.equals(now.files.get(file))
                    && then.masks.getOrDefault(file, new BitSet()).equals(now.masks.getOrDefault(file, new BitSet()));
            if (!same) {
                changed.add(file);
            }
        });
        return changed;
    }

    /** A commit made a snapshot. */
    void note(long id, SnapshotDraft draft) {
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
            now.masks.merge(mask.file(), bits(mask.positions()), TreeModel::union);
        }
        history.put(id, now.copy());
    }

    /** The whole tree of a snapshot is the expected one. */
    void checkTree(SnapshotChain chain, long id) throws Exception {
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

    /** What came to the tree since an older snapshot is the difference, or all of it. */
    void checkSince(SnapshotChain chain, long id, long since) throws Exception {
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
        masks(tree, expected.files.keySet()).forEach((file, bits) -> union.merge(file, bits, TreeModel::union));
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

    static Map<UUID, BitSet> masks(TableTree tree, Set<UUID> live) {
        Map<UUID, BitSet> out = new HashMap<>();
        for (MaskSegment segment : tree.segments()) {
            for (FileMask mask : segment.masks()) {
                if (live.contains(mask.file())) {
                    out.merge(mask.file(), bits(mask.positions()), TreeModel::union);
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
}
