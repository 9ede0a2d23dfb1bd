package io.streamhouse.flink.source;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshots that a running scan needs from expiring. Where the warehouse may only be read, the scan goes on
 * without. Thread-safe: the coordinator closes while its worker may be at work.
 */
final class SourceLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceLease.class);

    /** Life of a lease; what a coordinator that died keeps from expiring, and the time that its successor has. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** A stream that is this many snapshots further says so before half the life is over. */
    static final long SNAPSHOTS_BEHIND = 32;

    private final Table table;
    private final String owner;
    private final boolean givesBack;
    private LeaseHandle handle;
    private boolean ended;

    /**
     * @param owner who holds it, for people
     * @param givesBack whether the end of the coordinator is the end of the scan; a stream may be restored from its
     *     checkpoint, so its lease lives on for its life
     */
    SourceLease(Table table, String owner, boolean givesBack) {
        this.table = table;
        this.owner = owner;
        this.givesBack = givesBack;
    }

    /**
     * Takes the lease, or renews it if it is time to. Cheap otherwise.
     *
     * @param oldest oldest snapshot that is needed, {@link NeededSnapshots#NONE} for none; below 1 nobody knows yet
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, naming the earliest that can be read, if it is too late
     */
    synchronized void keep(long oldest) throws IOException {
        if (ended || oldest < 1) {
            return;
        }
        try {
            if (oldest == NeededSnapshots.NONE) {
                keepOrGiveBack();
                return;
            }
            if (handle == null) {
                handle = table.leases().take(oldest, LIFE, owner);
                return;
            }
            long from = Math.max(oldest, handle.oldestSnapshot());
            if (from - handle.oldestSnapshot() >= SNAPSHOTS_BEHIND) {
                handle.renew(from);
            } else {
                handle.renewIfDue(from);
            }
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.NO_PERMISSION) {
                throw e;
            }
            ended = true;
            LOG.info("the scan {} of {} holds no lease: {}", owner, table.name(), e.getMessage());
        } catch (IOException e) {
            LOG.warn("the lease of {} on {} could not be written; it is tried again", owner, table.name(), e);
        }
    }

    /** A stream that has come to its end; a batch may be asked for its splits again as long as it runs. */
    private void keepOrGiveBack() throws IOException {
        if (handle == null) {
            return;
        }
        if (!givesBack) {
            handle.close();
            handle = null;
            return;
        }
        try {
            handle.renewIfDue(handle.oldestSnapshot());
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.SNAPSHOT_EXPIRED) {
                throw e;
            }
            ended = true; // too late, but all has been read; who has to read again is told then
        }
    }

    @Override
    public synchronized void close() {
        ended = true;
        LeaseHandle held = handle;
        handle = null;
        try {
            if (held != null && givesBack) {
                held.close();
            }
        } catch (IOException | StreamhouseException e) {
            LOG.info("the lease of {} on {} was not given back and ends by itself", owner, table.name(), e);
        }
    }
}
