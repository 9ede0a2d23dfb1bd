package io.streamhouse.catalog;

import io.streamhouse.storage.Mark;
import io.streamhouse.storage.Marks;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Optional;

/** The one put that decides a commit, and what to do when the store does not say how it went. Without state. */
final class CommitSlot {
    /** Puts and read-backs of one snapshot before the caller is told that nobody knows. */
    static final int MAX_TRIES = 10;

    private final ObjectStore store;
    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final ChainCounters counters;
    private final Protections protections;
    private final Marks marks;

    /** How a put ended. */
    enum Result {
        /** The slot holds our snapshot, and the slot counts. */
        WON,
        /** The slot holds somebody else's snapshot and never held ours: nothing names what ours names. */
        LOST,
        /** The slot holds somebody else's snapshot, and it counts; an answer was lost on the way, so nothing is deleted. */
        LOST_AFTER_UNKNOWN,
        /** The slot lies at or below the boundary: ours may or may not be part of the chain. */
        EXPIRED
    }

    CommitSlot(
            ObjectStore store,
            SnapshotSlots slots,
            BoundaryChain boundaries,
            ChainCounters counters,
            Protections protections,
            Marks marks) {
        this.store = store;
        this.slots = slots;
        this.boundaries = boundaries;
        this.counters = counters;
        this.protections = protections;
        this.marks = marks;
    }

    /** Publishes bytes of a snapshot; an {@link IOException} means that the outcome is unknown. */
    Result put(SnapshotSlots.Slot slot, byte[] bytes) throws IOException {
        String path = SnapshotSlots.path(slot.id());
        IOException last = null;
        boolean alwaysExisted = true;
        boolean existed = false;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                PutOutcome answer = store.putIfAbsent(path, bytes);
                if (answer == PutOutcome.CREATED) {
                    return settled(slot, Result.WON);
                }
                existed = answer == PutOutcome.EXISTED;
                alwaysExisted &= existed;
            } catch (IOException e) {
                last = e; // as unknown as an answer of that name
                existed = false;
                alwaysExisted = false;
            }
            if (!protections.has(Protection.SLOTS_ARE_READ_BACK)) {
                if (existed) {
                    return Result.LOST;
                }
                continue;
            }
            // EXISTED is read back too: a store that tries again by itself reports it to the writer that won.
            try {
                counters.readbacks.increment();
                Optional<SnapshotSlots.Slot> found = slots.read(slot.id());
                if (found.isPresent()) {
                    boolean won = found.get().holds(slot.snapshot());
                    if (!won && alwaysExisted) {
                        return Result.LOST;
                    }
                    if (won && !existed) {
                        store.makeLasting(SnapshotSlots.DIRECTORY); // it was seen, and no answer says that it stays
                    }
                    if (won) {
                        marks.reached(existed ? Mark.OWN_PUT_REFUSED : Mark.OWN_PUT_UNANSWERED);
                    } else {
                        marks.reached(Mark.PUT_LOST_AFTER_SILENCE);
                    }
                    // A lost answer may hide that ours was there, that others built on it, and that the slot has
                    // expired and was filled again since: only above the boundary what is read is what always was.
                    return settled(slot, won ? Result.WON : Result.LOST_AFTER_UNKNOWN);
                }
                alwaysExisted = false; // the slot has expired meanwhile
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException(
                "nobody knows whether %s of %s was published, after %d tries; commit again to find out"
                        .formatted(path, store.uri(), MAX_TRIES),
                last);
    }

    /** The result, if the slot counts. */
    private Result settled(SnapshotSlots.Slot slot, Result result) throws IOException {
        IOException last = null;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                boolean counts =
                        slot.id() > boundaries.newest() || !protections.has(Protection.PUBLISHERS_ASK_FOR_BOUNDARY);
                if (!counts) {
                    marks.reached(Mark.ZOMBIE_AFTER_EXPIRY);
                }
                return counts ? result : Result.EXPIRED;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException(
                "%s was read, but the boundary of %s cannot be; commit again to find out whether it was published"
                        .formatted(SnapshotSlots.path(slot.id()), store.uri()),
                last);
    }
}
