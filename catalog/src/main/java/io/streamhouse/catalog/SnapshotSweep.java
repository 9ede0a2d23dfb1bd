package io.streamhouse.catalog;

import io.streamhouse.catalog.expiry.DeadObjects;
import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.catalog.tree.TreeReader;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/**
 * Deletes what snapshots at or below a boundary leave behind. Everything is read before anything is deleted; objects go
 * first, their manifests next, the records last and oldest first. So a sweep that died goes on where the lowest record
 * stands, and of two at once neither deletes what it should not. Thread-safe.
 */
final class SnapshotSweep {
    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final Manifests manifests;
    private final TreeReader trees;
    private final ObjectStore store;

    SnapshotSweep(
            SnapshotSlots slots, BoundaryChain boundaries, Manifests manifests, TreeReader trees, ObjectStore store) {
        this.slots = slots;
        this.boundaries = boundaries;
        this.manifests = manifests;
        this.trees = trees;
        this.store = store;
    }

    /**
     * Deletes snapshots up to an id, and what only they name.
     *
     * @param through newest snapshot to delete; at or below the boundary, and below the head
     * @param head a head that was read after the leases
     */
    ExpiryReport sweep(long through, Snapshot head) throws IOException {
        Optional<SnapshotSlots.Slot> oldestRetained = slots.read(through + 1);
        if (oldestRetained.isEmpty()) {
            return missing(through);
        }
        DeadObjects dead =
                new DeadObjects(manifests, trees, oldestRetained.get().snapshot());
        long lowest = through + 1;
        SnapshotSlots.Slot child = oldestRetained.get();
        while (lowest > 1) {
            // Records go oldest first: below a missing one nothing is left. One that its child does not name was put by
            // a stalled publisher into a slot that had been deleted; what it names may be in the table by a later
            // commit.
            Optional<SnapshotSlots.Slot> slot = slots.readOfAnyTable(lowest - 1);
            if (slot.isEmpty() || slot.get().crc() != child.snapshot().header().parentCrc()) {
                break;
            }
            dead.add(slot.get().snapshot(), child.snapshot());
            child = slot.get();
            lowest--;
        }
        if (lowest > through) {
            return ExpiryReport.NOTHING;
        }
        if (!keepWhatCameBack(dead, oldestRetained.get().snapshot(), head)) {
            return ExpiryReport.NOTHING;
        }
        long objects = 0;
        for (String path : dead.objects()) {
            objects += store.delete(path) ? 1 : 0;
        }
        for (String path : dead.manifests()) {
            objects += store.delete(path) ? 1 : 0;
        }
        long records = 0;
        for (long id = lowest; id <= through; id++) {
            records += slots.delete(id) ? 1 : 0;
        }
        return new ExpiryReport(0, 0, records, objects, 0, 0);
    }

    /** Another expirer may be ahead; otherwise the chain has a hole, and nothing is safe to delete. */
    private ExpiryReport missing(long through) throws IOException {
        if (boundaries.newest() > through) {
            return ExpiryReport.NOTHING;
        }
        throw new StreamhouseException(
                ErrorCode.MISSING_FILE,
                "%s of %s is missing above boundary %d; nothing was deleted"
                        .formatted(SnapshotSlots.path(through + 1), store.uri(), through));
    }

    /**
     * Keeps trees that a ROLLBACK has published again since: what has left the tree before may be part of them. False if
     * another expirer has overtaken this one; then the records that were read may be stalled publishers'.
     */
    private boolean keepWhatCameBack(DeadObjects dead, Snapshot oldestRetained, Snapshot head) throws IOException {
        Snapshot at = head;
        while (at.tree().lastRemovalIn() > oldestRetained.id()) {
            Optional<SnapshotSlots.Slot> removing = slots.read(at.tree().lastRemovalIn());
            Optional<SnapshotSlots.Slot> before = slots.read(at.tree().lastRemovalIn() - 1);
            if (removing.isEmpty() || before.isEmpty()) {
                return false;
            }
            if (removing.get().snapshot().kind() == SnapshotKind.ROLLBACK) {
                dead.keepTree(removing.get().snapshot());
            }
            at = before.get().snapshot();
        }
        // Records go oldest first: while this one stands, none above it has gone.
        return slots.read(oldestRetained.id())
                .filter(slot -> slot.holds(oldestRetained))
                .isPresent();
    }

    /** Deletes records that stalled publishers have put below what is left of the chain; costs a listing. */
    long removeStrays(long boundary) throws IOException {
        long lowest = boundary + 1;
        Optional<SnapshotSlots.Slot> child = slots.read(lowest);
        if (child.isEmpty()) {
            return 0;
        }
        while (lowest > 1) {
            Optional<SnapshotSlots.Slot> slot = slots.readOfAnyTable(lowest - 1);
            if (slot.isEmpty()
                    || slot.get().crc() != child.get().snapshot().header().parentCrc()) {
                break;
            }
            child = slot;
            lowest--;
        }
        long removed = 0;
        long end = lowest;
        for (long id : slots.listed().filter(i -> i < end).toArray()) {
            removed += slots.delete(id) ? 1 : 0;
        }
        return removed;
    }
}
