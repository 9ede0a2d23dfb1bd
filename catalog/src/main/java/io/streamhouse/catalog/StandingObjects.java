package io.streamhouse.catalog;

import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether objects that were written for a commit still stand when it is published. Cleaning spares what is young, so only
 * objects that may be old are looked for. Thread-safe.
 */
final class StandingObjects {
    /**
     * What is younger surely stands. Here age is counted from the base's commit time, in cleaning by the store's clock: an
     * hour lies between this and {@link OrphanCleaner#LEAST_AGE} for clocks that differ.
     */
    static final Duration TRUSTED_AGE = OrphanCleaner.LEAST_AGE.minusHours(1);

    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final Components components;
    private Known known = new Known(0, Long.MIN_VALUE);

    /** A snapshot that was seen: what was made at it or later is no older than it. */
    private record Known(long id, long timeMillis) {}

    StandingObjects(SnapshotSlots slots, BoundaryChain boundaries, Components components) {
        this.slots = slots;
        this.boundaries = boundaries;
        this.components = components;
    }

    /**
     * The first of some objects that has gone. Asks the store only if they may be older than {@link #TRUSTED_AGE}.
     *
     * @param head the snapshot to build on
     * @param base the newest snapshot when they were made; 0 if that is not known
     */
    Optional<String> firstMissing(Snapshot head, long base, List<String> paths) throws IOException {
        if (paths.isEmpty() || isYoung(head, base)) {
            return Optional.empty();
        }
        for (String path : paths) {
            if (components.store().size(path) < 0) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** The clock may be behind after a long pause; then the head tells the time. */
    private boolean isYoung(Snapshot head, long base) throws IOException {
        long now = Math.max(components.clock().millis(), head.timeMillis());
        Known seen = seen(head, now);
        if (base >= seen.id && isYoung(seen.timeMillis, now)) {
            return true;
        }
        if (base < 1 || base > head.id() || base <= boundaries.known()) {
            return false;
        }
        Optional<SnapshotSlots.Slot> slot = slots.remembered(base);
        if (slot.isEmpty()) {
            slot = slots.read(base);
        }
        return slot.isPresent() && isYoung(slot.get().snapshot().timeMillis(), now);
    }

    private static boolean isYoung(long millis, long now) {
        return now - millis < TRUSTED_AGE.toMillis();
    }

    /** Kept for half the time, so that the snapshots of nearly all bases need not be read. */
    private synchronized Known seen(Snapshot head, long now) {
        if (known.timeMillis == Long.MIN_VALUE || now - known.timeMillis >= TRUSTED_AGE.toMillis() / 2) {
            known = new Known(head.id(), head.timeMillis());
        }
        return known;
    }
}
