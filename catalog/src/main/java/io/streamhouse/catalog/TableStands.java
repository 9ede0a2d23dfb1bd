package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether snapshots that were seen before still stand: a table may be dropped, and another one made in its place, beside
 * whoever works on it. What such a one puts then is part of no table, and a boundary of it would expire the other's snapshots.
 * Thread-safe.
 */
final class TableStands {
    /** Least time between two questions of who commits: what is put within it goes unnoticed. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final InstantSource clock;
    /** What was the newest when somebody asked last: what came since may be of who asks, in another table. */
    private Snapshot anchor;

    private long askedAtMillis;

    TableStands(SnapshotSlots slots, BoundaryChain boundaries, InstantSource clock) {
        this.slots = slots;
        this.boundaries = boundaries;
        this.clock = clock;
    }

    /** {@link #require} if the last time is old enough; the first time has read what it builds on a moment ago. */
    void requireIfDue(Snapshot newest) {
        if (isDue(newest)) {
            require(newest);
        }
    }

    private synchronized boolean isDue(Snapshot newest) {
        if (anchor == null) {
            noteAsked(newest);
            return false;
        }
        long age = clock.millis() - askedAtMillis;
        return age < 0 || age >= INTERVAL.toMillis();
    }

    private synchronized void noteAsked(Snapshot newest) {
        anchor = newest;
        askedAtMillis = clock.millis();
    }

    /**
     * Asks the store for a snapshot that was part of the chain when somebody asked last. Whatever leaves a doubt proves
     * nothing: a commit that stands must not be called lost.
     *
     * @param newest the newest now, which is asked for the next time
     * @throws StreamhouseException {@code CORRUPT_FILE} if another one stands there, or none although no boundary let it go
     */
    void require(Snapshot newest) {
        Snapshot seen;
        synchronized (this) {
            seen = anchor == null || anchor.id() <= boundaries.known() ? newest : anchor;
            noteAsked(newest);
        }
        String found;
        try {
            Optional<SnapshotSlots.Slot> now = slots.readOfAnyTable(seen.id());
            // a slot that has expired may be empty, or hold what a stalled publisher has put
            if (now.isPresent() && now.get().holds(seen) || boundaries.newest() >= seen.id()) {
                return;
            }
            found = now.isPresent() ? "it is another one than before" : "it has gone, and no boundary let it go";
        } catch (IOException | StreamhouseException e) {
            return;
        }
        throw StreamhouseException.corrupt(
                SnapshotSlots.path(seen.id()),
                found
                        + ": the table was dropped since it was opened, and perhaps made anew; what was put on top of it since is part of no table");
    }
}
