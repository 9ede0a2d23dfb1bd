package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.table.Lease;
import java.io.IOException;
import java.time.Duration;

/**
 * A lease that is held. One thread.
 *
 * <p>It has to be renewed before it ends: {@link #renewIfDue} does so at half its life. Whoever publishes what only a
 * lease keeps in the store (a ROLLBACK) renews right before every attempt.
 */
public final class LeaseHandle implements AutoCloseable {
    private static final int MAX_TRIES = 10;

    private final Leases leases;
    private final String directory;
    private final Duration duration;
    private final String owner;

    private long number;
    private long oldestSnapshot;
    private long renewedAtMillis;
    private boolean closed;

    LeaseHandle(Leases leases, String directory, Duration duration, String owner) {
        this.leases = leases;
        this.directory = directory;
        this.duration = duration;
        this.owner = owner;
    }

    /** Oldest snapshot that is kept. */
    public long oldestSnapshot() {
        return oldestSnapshot;
    }

    /**
     * Begins the life of the lease anew and keeps snapshots from {@code oldest} on.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} if the lease had ended and the snapshot has expired since
     */
    public void renew(long oldest) throws IOException {
        if (oldest < 1 || oldest < oldestSnapshot || closed) {
            throw new IllegalArgumentException("%s lease of %s from %d on renewed from %d on"
                    .formatted(closed ? "closed" : "open", owner, oldestSnapshot, oldest));
        }
        long now = leases.clockMillis();
        append(new Lease(oldest, leases.endMillis(duration), owner));
        oldestSnapshot = oldest;
        renewedAtMillis = now;
        try {
            leases.requireAboveBoundary(oldest);
        } catch (StreamhouseException e) {
            close();
            throw e;
        }
    }

    /** Renews at half the lease's life; otherwise does nothing and asks nobody. Returns whether it renewed. */
    public boolean renewIfDue(long oldest) throws IOException {
        long age = leases.clockMillis() - renewedAtMillis;
        if (age >= 0 && age < duration.toMillis() / 2) {
            return false;
        }
        renew(oldest);
        return true;
    }

    /** The chain is this handle's own: what stands in the way is a put of ours whose answer was lost. */
    private void append(Lease lease) throws IOException {
        long before = number;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            number++;
            String path = directory + "/" + number;
            if (CreateOnce.create(leases.store(), path, LeaseCodec.write(lease, path))) {
                for (long old = Math.max(1, before); old < number; old++) {
                    forget(old);
                }
                return;
            }
        }
        throw new IOException("%s/%s has grown by %d objects that are not its holder's"
                .formatted(leases.store().uri(), directory, MAX_TRIES));
    }

    private void forget(long old) {
        try {
            leases.store().delete(directory + "/" + old);
        } catch (IOException | StreamhouseException e) {
            return; // expiry cleans it away
        }
    }

    /**
     * Gives the lease back. Never fails: what was done under the lease is done, and a lease that a full disk or a store
     * that is away keeps from being given back ends by itself.
     */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                append(new Lease(oldestSnapshot, 0, owner));
            } catch (IOException | StreamhouseException e) {
                return; // it ends when its time is over
            }
        }
    }
}
