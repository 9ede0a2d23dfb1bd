package io.streamhouse.write;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.StreamhouseException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Keeps snapshots from expiring while somebody works on them: a lease. */
@FunctionalInterface
public interface SnapshotPin {
    /** For tables whose snapshots never expire. */
    SnapshotPin NONE = oldest -> () -> {};

    /** Keeps a snapshot and all younger ones, from the return of this call until the result is closed. */
    Hold hold(long oldestSnapshot) throws IOException;

    /** What is held; closing it gives it back. */
    @FunctionalInterface
    interface Hold extends Closeable {
        /**
         * Makes sure that it still holds.
         *
         * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} if it had ended and the snapshot has expired since
         */
        default void renew() throws IOException {}
    }

    /**
     * A lease on a table's snapshots.
     *
     * @param life how long it holds unless it is renewed or given back
     * @param owner who holds it, for people
     */
    static SnapshotPin lease(Table table, Duration life, String owner) {
        return oldest -> {
            LeaseHandle lease = table.leases().take(oldest, life, owner);
            return new Hold() {
                @Override
                public void renew() throws IOException {
                    lease.renew(oldest);
                }

                @Override
                public void close() throws IOException {
                    lease.close();
                }
            };
        };
    }
}
