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
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} naming the earliest snapshot, {@code SNAPSHOT_NOT_FOUND}
     */
    public static Resolution of(Table table, Start start, Bound bound) throws IOException {
        Optional<Snapshot> head = table.snapshots().latest();
        long newest = head.map(Snapshot::id).orElse(0L);
        ChangePosition first = first(table, start, newest);
        if (bound instanceof Bound.None) {
            return new Resolution(first, Long.MAX_VALUE);
        }
        return new Resolution(first, bound instanceof Bound.AtSnapshot at ? at.snapshotId() : newest);
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
        Optional<Snapshot> before = millis == Long.MIN_VALUE ? Optional.empty() : chain.atOrBefore(millis - 1);
        // none of the readable ones is older: changes since then may have expired unless the first commit is here
        long id = before.map(Snapshot::id).orElse(earliest - 1) + 1;
        return derived(table, id, derivable, Instant.ofEpochMilli(millis).toString());
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
