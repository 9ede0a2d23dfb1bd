package io.streamhouse.write;

import java.io.Closeable;
import java.io.IOException;

/** Keeps snapshots from expiring while somebody works on them: a lease. */
@FunctionalInterface
public interface SnapshotPin {
    /** For tables whose snapshots never expire. */
    SnapshotPin NONE = oldest -> () -> {};

    /** Keeps a snapshot and all younger ones, from the return of this call until the result is closed. */
    Closeable hold(long oldestSnapshot) throws IOException;
}
