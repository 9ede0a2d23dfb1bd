package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
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

    private final ObjectStore store;
    private final BoundaryChain boundaries;
    private final SnapshotDecoder decoder;
    private final InstantSource clock;
    /** What was the newest when somebody asked last: what came since may be of who asks, in another table. */
    private Snapshot anchor;

    private long askedAtMillis;

    TableStands(ObjectStore store, BoundaryChain boundaries, SnapshotDecoder decoder, InstantSource clock) {
        this.store = store;
        this.boundaries = boundaries;
        this.decoder = decoder;
        this.clock = clock;
    }

    /** {@link #require} if the last time is old enough; the first time has read what it builds on a moment ago. */
    void requireIfDue(Snapshot newest) {
        synchronized (this) {
            long age = clock.millis() - askedAtMillis;
            if (anchor != null && age >= 0 && age < INTERVAL.toMillis()) {
                return;
            }
            if (anchor == null) {
                noteAsked(newest);
                return;
            }
        }
        require(newest);
    }

    private void noteAsked(Snapshot newest) {
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
        String path = SnapshotSlots.path(seen.id());
        String found;
        try {
            Optional<Snapshot> now = read(path);
            // a slot that has expired may be empty, or hold what a stalled publisher has put
            if (now.isPresent() && isSame(now.get(), seen) || boundaries.newest() >= seen.id()) {
                return;
            }
            found = now.isPresent() ? "it is another one than before" : "it has gone, and no boundary let it go";
        } catch (IOException | StreamhouseException e) {
            return;
        }
        throw StreamhouseException.corrupt(
                path,
                found
                        + ": the table was dropped since it was opened, and perhaps made anew; what was put on top of it since is part of no table");
    }

    private static boolean isSame(Snapshot one, Snapshot other) {
        return one.header().commitUuid().equals(other.header().commitUuid());
    }

    private Optional<Snapshot> read(String path) throws IOException {
        try {
            return Optional.of(decoder.decode(store.read(path), path));
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
