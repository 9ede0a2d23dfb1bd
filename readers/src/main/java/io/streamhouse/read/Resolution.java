package io.streamhouse.read;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.Start;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Start and bound of a subscription as snapshots: one look at the table decides both, so that a scan and the changes after
 * it meet without gap or overlap.
 *
 * @param first where to read first
 * @param last id of the last snapshot to read, {@code Long.MAX_VALUE} for no bound
 */
public record Resolution(ChangePosition first, long last) {
    public Resolution {
        Objects.requireNonNull(first, "first");
    }

    /**
     * Resolves against the table as it is now.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} naming the earliest snapshot, {@code SNAPSHOT_NOT_FOUND},
     *     {@code BAD_OPTION_VALUE} for a bound before the snapshot to start at and for a time to start at that is in the
     *     future
     */
    public static Resolution of(Table table, Start start, Bound bound) throws IOException {
        Optional<Snapshot> head = table.snapshots().latest();
        long newest = head.map(Snapshot::id).orElse(0L);
        ChangePosition first = first(table, start, newest);
        if (bound instanceof Bound.None) {
            return new Resolution(first, Long.MAX_VALUE);
        }
        if (!(bound instanceof Bound.AtSnapshot at)) {
            return new Resolution(first, newest);
        }
        // where a time or the newest commit leads to is not the caller's choice: there may be nothing to read up to the
        // bound
        boolean chosen = !(start instanceof Start.Latest || start instanceof Start.Timestamp);
        if (chosen && at.snapshotId() < first.snapshotId()) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "the bound, snapshot %d of %s, lies before snapshot %d, with which the subscription begins"
                            .formatted(at.snapshotId(), table.name(), first.snapshotId()));
        }
        return new Resolution(first, at.snapshotId());
    }

    private static ChangePosition first(Table table, Start start, long newest) throws IOException {
        SnapshotChain chain = table.snapshots();
        if (start instanceof Start.Latest) {
            return ChangePosition.changes(newest + 1);
        }
        if (start instanceof Start.Full) {
            return newest == 0 ? ChangePosition.changes(1) : ChangePosition.full(newest);
        }
        if (start instanceof Start.FullAt at) {
            return ChangePosition.full(chain.snapshot(at.snapshotId()).id());
        }
        long earliest = chain.earliestId().orElse(1);
        // a commit's changes can be derived if the snapshot before it can be read, or is the empty table
        long derivable = earliest == 1 ? 1 : earliest + 1;
        if (start instanceof Start.Earliest) {
            return ChangePosition.changes(derivable);
        }
        if (start instanceof Start.FromSnapshot from) {
            if (from.snapshotId() < 1 || from.snapshotId() > newest + 1) {
                throw new StreamhouseException(
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        "changes of %s cannot be read from snapshot %d on, the newest is %d"
                                .formatted(table.name(), from.snapshotId(), newest));
            }
            return derived(table, from.snapshotId(), derivable, "snapshot " + from.snapshotId());
        }
        long millis = ((Start.Timestamp) start).millis();
        requirePast(table, millis);
        Optional<Snapshot> before = millis == Long.MIN_VALUE ? Optional.empty() : chain.atOrBefore(millis - 1);
        // none of the readable ones is older: changes since then may have expired unless the first commit is here
        long id = before.map(Snapshot::id).orElse(earliest - 1) + 1;
        return derived(table, id, derivable, Instant.ofEpochMilli(millis).toString());
    }

    /** Commits before a time in the future are yet to come, and are not to be delivered as if they came after it. */
    private static void requirePast(Table table, long millis) throws IOException {
        long now = table.components().clock().millis();
        Optional<Snapshot> head = table.snapshots().latest();
        // another process may be ahead of this clock
        if (millis > now && (head.isEmpty() || millis > head.get().timeMillis())) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "changes of %s cannot be read from %s on, it is %s now"
                            .formatted(table.name(), Instant.ofEpochMilli(millis), Instant.ofEpochMilli(now)));
        }
    }

    private static ChangePosition derived(Table table, long id, long derivable, String from) {
        if (id < derivable) {
            throw new StreamhouseException(
                    ErrorCode.SNAPSHOT_EXPIRED,
                    "changes of %s from %s on have expired, the earliest that can be read are those of snapshot %d"
                            .formatted(table.name(), from, derivable));
        }
        return ChangePosition.changes(id);
    }
}
