package io.streamhouse.catalog.expiry;

import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.Optional;

/** Up to which snapshot a table's options let snapshots go. Immutable. */
public final class Horizon {
    private final SnapshotRetention retention;

    /** Finds snapshots by commit time. */
    @FunctionalInterface
    public interface Times {
        /** The newest snapshot at or before a time; empty if all that can be read are younger. */
        Optional<Snapshot> atOrBefore(long timeMillis) throws IOException;
    }

    public Horizon(SnapshotRetention retention) {
        this.retention = retention;
    }

    /**
     * The time that expiry goes by: the clock's, but never later than the newest commit. A clock that is ahead makes
     * nothing old, and a table without commits loses nothing.
     */
    public static long trustedMillis(Snapshot head, long clockMillis) {
        return Math.min(clockMillis, head.timeMillis());
    }

    /**
     * The newest snapshot that may go; 0 for none. Never the head. The table can be read as of any time within the
     * retained time, so the snapshot that was the newest at its beginning stays.
     */
    public long through(Snapshot head, long clockMillis, Times times) throws IOException {
        long mostGoes = head.id() - retention.min();
        if (mostGoes < 1) {
            return 0;
        }
        long mustGo = Math.max(0, head.id() - retention.max());
        if (mustGo >= mostGoes) {
            return mostGoes;
        }
        long since = trustedMillis(head, clockMillis) - retention.time().toMillis();
        long old = times.atOrBefore(since).map(s -> s.id() - 1).orElse(0L);
        return Math.min(mostGoes, Math.max(mustGo, old));
    }
}
