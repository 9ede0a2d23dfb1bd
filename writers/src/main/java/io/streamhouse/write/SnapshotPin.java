package io.streamhouse.write;

import io.streamhouse.spec.StreamhouseException;
import java.io.Closeable;
import java.io.IOException;

/** Keeps snapshots from expiring while somebody works on them: a lease. */
@FunctionalInterface
public interface SnapshotPin {
    /** For tables whose snapshots never expire. */
    SnapshotPin NONE = oldest -> () -> {};

    /**
     * Keeps a snapshot and all younger ones, from the return of this call until the result is closed. Called again before
     * every attempt to publish, for a lease may have ended while its holder was stopped.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} if the snapshot can no longer be kept
     */
    Closeable hold(long oldestSnapshot) throws IOException;
}
