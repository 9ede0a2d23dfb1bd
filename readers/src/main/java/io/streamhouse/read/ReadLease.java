package io.streamhouse.read;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps what a reader still needs from expiring, once it has read for longer than a moment. Until then a boundary that
 * passes its snapshot leaves it the rest of {@link SnapshotExpiry#GRACE}, so short reads write nothing. One thread.
 *
 * <p>Without the right or the space to write a reader goes on unprotected: if it is overtaken, a missing file tells it.
 */
public final class ReadLease implements AutoCloseable {
    /** A read this long takes a lease. */
    static final Duration LONG_READ = SnapshotExpiry.GRACE.dividedBy(3);
    /** Life of a lease: what a reader that died keeps from expiring. */
    static final Duration DURATION = Duration.ofMinutes(10);

    private final Table table;
    private final String owner;
    private final long startMillis;
    private LeaseHandle handle;
    private boolean refused;

    public ReadLease(Table table, String owner) {
        this.table = table;
        this.owner = owner;
        this.startMillis = table.components().clock().millis();
    }

    /** Takes or renews the lease if it is time to. */
    public void keep(long oldestSnapshot) {
        if (refused || oldestSnapshot < 1) {
            return;
        }
        try {
            if (handle != null) {
                handle.renewIfDue(Math.max(oldestSnapshot, handle.oldestSnapshot()));
                return;
            }
            long age = table.components().clock().millis() - startMillis;
            if (age < 0 || age >= LONG_READ.toMillis()) {
                handle = table.leases().take(oldestSnapshot, DURATION, owner);
            }
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.SNAPSHOT_EXPIRED || e.code() == ErrorCode.NO_PERMISSION) {
                refused = true; // what is read now may still be there; if it is not, that error will say so
                handle = null;
                return;
            }
            if (e.code() != ErrorCode.NO_SPACE) {
                throw e;
            } // a full disk can be read; the next call tries again
        } catch (IOException e) {
            return; // the store could not be asked; the next call tries again
        }
    }

    /** For who reads on elsewhere, perhaps further back: the next {@link #keep} asks anew. */
    void moved() {
        refused = false;
        giveBack();
    }

    @Override
    public void close() {
        refused = true;
        giveBack();
    }

    private void giveBack() {
        LeaseHandle held = handle;
        handle = null;
        if (held == null) {
            return;
        }
        try {
            held.close();
        } catch (IOException | StreamhouseException e) {
            return; // what was read is right all the same; the lease ends by itself
        }
    }
}
