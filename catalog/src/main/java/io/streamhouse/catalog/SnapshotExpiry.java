package io.streamhouse.catalog;

import io.streamhouse.catalog.expiry.Horizon;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Mark;
import io.streamhouse.storage.Marks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Lets old snapshots go, beside the commits. Thread-safe; any number of processes may run it at once.
 *
 * <p>Two steps, a minute apart, that need not be made by one process, since everything they need stands in the store: a
 * boundary is published, from then on its snapshots cannot be read; when it has stood for {@link #GRACE} and the leases
 * were read once more, a later run deletes what only those snapshots name. Whatever cannot be read stops a run before it
 * has deleted anything.
 *
 * <p>Time is the clock's, but never later than the newest commit: a clock that is ahead lets nothing go and ends no lease.
 * Where commit times themselves have jumped, the minimum of the options and all leases that the jumped time does not end
 * still hold.
 *
 * @see "spec/commit.md, section Boundary"
 */
public final class SnapshotExpiry {
    /** How long a boundary stands before anything is deleted. */
    public static final Duration GRACE = Duration.ofMinutes(1);
    /** Snapshots that one boundary lets go at most: the records of so many are looked at in one run. */
    static final long MAX_STEP = 10_000;
    /** How often stalled publishers' records are looked for. */
    private static final Duration STRAYS_INTERVAL = Duration.ofHours(1);

    private final SnapshotChain chain;
    private final BoundaryChain boundaries;
    private final TableStands stands;
    private final Leases leases;
    private final SnapshotSweep sweep;
    private final Horizon horizon;
    private final InstantSource clock;
    private final Protections protections;
    private final Marks marks;
    private final Pace runs;
    private final Pace strays;

    SnapshotExpiry(
            SnapshotChain chain,
            BoundaryChain boundaries,
            TableStands stands,
            Leases leases,
            SnapshotSweep sweep,
            SnapshotRetention retention,
            InstantSource clock,
            Protections protections,
            Marks marks) {
        this.chain = chain;
        this.boundaries = boundaries;
        this.stands = stands;
        this.leases = leases;
        this.sweep = sweep;
        this.horizon = new Horizon(retention);
        this.clock = clock;
        this.runs = new Pace(clock, GRACE);
        this.strays = new Pace(clock, STRAYS_INTERVAL);
        this.protections = protections;
        this.marks = marks;
    }

    /**
     * For use inside a job, after every commit if need be: runs if the last run is {@link #GRACE} ago, otherwise asks
     * nobody.
     */
    public ExpiryReport runIfDue() throws IOException {
        return runs.take() ? run() : ExpiryReport.NOTHING;
    }

    /** The newest snapshot that the options and leases let go now, whether it has expired already or not; 0 for none. */
    public long plan() throws IOException {
        List<Leases.Chain> held = leases.read();
        Optional<Snapshot> head = chain.latest();
        return head.isEmpty() ? 0 : planned(head.get(), held, clock.millis());
    }

    /** Up to where snapshots have expired, and since when: a run at {@link #GRACE} after that deletes what only they name. */
    public Boundary boundary() throws IOException {
        return boundaries.look().value();
    }

    private long planned(Snapshot head, List<Leases.Chain> held, long now) throws IOException {
        long through = horizon.through(head, now, chain::atOrBefore);
        long unleased = oldestLeased(head, held, now) - 1;
        if (unleased < through) {
            marks.reached(Mark.LEASE_HEEDED);
        }
        return Math.min(through, unleased);
    }

    private long oldestLeased(Snapshot head, List<Leases.Chain> held, long now) {
        if (!protections.has(Protection.EXPIRY_HEEDS_LEASES)) {
            return Long.MAX_VALUE;
        }
        long trusted = Horizon.trustedMillis(head, now);
        return held.stream()
                .filter(lease -> lease.isValid(trusted))
                .mapToLong(lease -> lease.newest().oldestSnapshot())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Deletes what an earlier run has let go, if its time has come, and lets go what is due now.
     *
     * @throws StreamhouseException naming the object, if metadata is missing or corrupt
     */
    public ExpiryReport run() throws IOException {
        BoundaryChain.Seen seen = boundaries.look();
        try {
            return tryRun(seen);
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.SNAPSHOT_EXPIRED || e.code() == ErrorCode.MISSING_FILE && isOvertaken(seen)) {
                return ExpiryReport.NOTHING; // another expirer is at work and further
            }
            throw e;
        }
    }

    /** What this run would have kept may have gone by now. */
    private boolean isOvertaken(BoundaryChain.Seen seen) throws IOException {
        return boundaries.look().value().expiredThrough() > seen.value().expiredThrough();
    }

    private ExpiryReport tryRun(BoundaryChain.Seen seen) throws IOException {
        // In this order: a lease that is not among these is refused by the boundary, and what was published under one
        // that
        // has ended since is at or below this head.
        List<Leases.Chain> held = leases.read();
        Optional<Snapshot> head = chain.latest();
        long now = clock.millis();
        if (head.isEmpty()) {
            return ExpiryReport.NOTHING;
        }
        stands.require();
        long dropped = leases.clean(held, Horizon.trustedMillis(head.get(), now));
        ExpiryReport report = new ExpiryReport(seen.value().expiredThrough(), 0, 0, 0, 0, dropped);
        if (seen.value().expiredThrough() > 0 && protections.has(Protection.EXPIRY_PUBLISHES_BOUNDARY)) {
            long age = now - seen.value().timeMillis();
            if (age < -GRACE.toMillis()) {
                // Its publisher's clock was ahead: the wait begins anew by ours.
                boundaries.publish(seen, new Boundary(seen.value().expiredThrough(), now));
                return report;
            }
            if (age <= GRACE.toMillis() && protections.has(Protection.EXPIRY_WAITS)) {
                return report;
            }
            long through = Math.min(seen.value().expiredThrough(), oldestLeased(head.get(), held, now) - 1);
            report = report.plus(deleted(through, head.get()));
        }
        return report.plus(expired(seen, head.get(), held, now));
    }

    private ExpiryReport deleted(long through, Snapshot head) throws IOException {
        boundaries.makeLasting();
        ExpiryReport report = through < 1 ? ExpiryReport.NOTHING : sweep.sweep(through, head);
        return strays.take()
                ? report.plus(new ExpiryReport(0, 0, 0, 0, sweep.removeStrays(boundaries.known()), 0))
                : report;
    }

    private ExpiryReport expired(BoundaryChain.Seen seen, Snapshot head, List<Leases.Chain> held, long now)
            throws IOException {
        long before = seen.value().expiredThrough();
        long through = Math.min(planned(head, held, now), before + MAX_STEP);
        if (through <= before) {
            return ExpiryReport.NOTHING;
        }
        if (!protections.has(Protection.EXPIRY_PUBLISHES_BOUNDARY)) {
            return sweep.sweep(through, head);
        }
        stands.require();
        if (!boundaries.publish(seen, new Boundary(through, now))) {
            return ExpiryReport.NOTHING; // another expirer was first
        }
        return new ExpiryReport(through, through - before, 0, 0, 0, 0);
    }
}
