package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.Mark;
import io.streamhouse.storage.Marks;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Finds the newest snapshot: probes upwards from the newest known id, checks the boundary after reading. Thread-safe. */
final class LatestSlot {
    private static final int MAX_ROUNDS = 20;

    private final ObjectStore store;
    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final SnapshotHint hint;
    private final Protections protections;
    private final Marks marks;
    private final AtomicLong known = new AtomicLong();

    LatestSlot(
            ObjectStore store,
            SnapshotSlots slots,
            BoundaryChain boundaries,
            SnapshotHint hint,
            Protections protections,
            Marks marks) {
        this.store = store;
        this.slots = slots;
        this.boundaries = boundaries;
        this.hint = hint;
        this.protections = protections;
        this.marks = marks;
    }

    /** Starts later searches at this id, which is part of the chain. */
    void noteNewest(long id) {
        known.accumulateAndGet(id, Math::max);
    }

    Optional<SnapshotSlots.Slot> find() throws IOException {
        long id = climb(start());
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (id == 0) {
                id = climb(slots.newestListed());
                if (id == 0) {
                    if (boundaries.newest() == 0) {
                        return Optional.empty();
                    }
                    continue; // the first snapshots came and went after the listing
                }
            }
            Optional<SnapshotSlots.Slot> slot = slots.remembered(id);
            if (slot.isEmpty()) {
                slot = slots.read(id);
            }
            // The boundary is read after the slot: a slot at or below it may be a stalled publisher's.
            if (slot.isPresent()
                    && (id > boundaries.newest() || !protections.has(Protection.READERS_ASK_FOR_BOUNDARY))) {
                slots.remember(slot.get());
                noteNewest(id);
                return slot;
            }
            if (slot.isPresent()) {
                marks.reached(Mark.GHOST_READ);
            }
            id = 0;
        }
        throw new StreamhouseException(
                ErrorCode.MISSING_FILE,
                "no snapshot above boundary %d in %s".formatted(boundaries.known(), store.uri()));
    }

    private long start() throws IOException {
        if (known.get() > boundaries.known()) {
            return known.get();
        }
        long hinted = hint.read().orElse(0);
        return hinted > 0 && slots.exists(hinted) ? hinted : 0;
    }

    private long climb(long from) throws IOException {
        return from == 0 ? 0 : DenseRun.last(from, slots::exists);
    }
}
