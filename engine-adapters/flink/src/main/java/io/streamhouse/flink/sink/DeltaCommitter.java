package io.streamhouse.flink.sink;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.PublishStats;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Sabotage;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.write.TableCommitter;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Publishes deltas in order, on the task's thread. What cannot succeed by trying again ends the job with its code; what
 * may, fails the attempt, and the restore commits again. In streams the table is compacted and its snapshots expire beside
 * the commits; a commit waits for a publication of a compaction at most, never for a rewrite.
 */
final class DeltaCommitter implements Committer<CommitDelta> {
    /** The commit that {@code lost-commit} loses. */
    private static final int LOST_COMMIT_NUMBER = 5;

    private final SinkSpec spec;
    private final ReentrantLock commitLock = new ReentrantLock();
    private final Optional<TableMaintenance> maintenance;
    private final MaintenanceCounts counts = new MaintenanceCounts();
    private final Counter commits;
    private final Counter alreadyCommitted;
    private final Counter mergeFailures;
    private volatile long lastCommitMillis;
    private volatile OpenTable open;
    private TableCommitter committer;
    private Optional<CommitMerges> merges = Optional.empty();
    private int seen;

    DeltaCommitter(SinkSpec spec, SinkCommitterMetricGroup metrics) {
        this.spec = spec;
        this.commits = metrics.counter("commits");
        this.alreadyCommitted = metrics.counter("alreadyCommitted");
        metrics.gauge("commitLatencyMillis", () -> lastCommitMillis);
        this.mergeFailures = metrics.counter("metadataMergesFailed");
        metrics.gauge("conflicts", this::conflicts);
        metrics.gauge("metadataMerges", () -> stat(PublishStats::mergesTakenIn));
        metrics.gauge(
                "metadataMergesInCommits",
                () -> stat(PublishStats::manifestsMerged) + stat(PublishStats::segmentsMerged));
        if (spec.batch() || spec.writeOnly()) {
            this.maintenance = Optional.empty();
        } else {
            counts.register(metrics);
            this.maintenance = Optional.of(new TableMaintenance(spec.address(), commitLock, counts));
        }
    }

    /** Races that this committer has lost, and then won. */
    private long conflicts() {
        return stat(PublishStats::conflicts);
    }

    private long stat(ToLongFunction<PublishStats> which) {
        OpenTable table = open;
        return table == null ? 0 : which.applyAsLong(table.table().snapshots().stats());
    }

    @Override
    public void commit(Collection<CommitRequest<CommitDelta>> requests) throws IOException, InterruptedException {
        for (CommitRequest<CommitDelta> request : requests) {
            CommitDelta delta = request.getCommittable();
            SinkProbe.active().beforeCommit(spec.address().toString(), delta);
            long start = System.nanoTime();
            commit(delta, request);
            lastCommitMillis = (System.nanoTime() - start) / 1_000_000;
            SinkProbe.active().afterCommit(spec.address().toString(), delta);
        }
    }

    private void commit(CommitDelta delta, CommitRequest<CommitDelta> request)
            throws IOException, InterruptedException {
        seen++;
        if (Sabotage.LOST_COMMIT.isActive() && seen == LOST_COMMIT_NUMBER) {
            return;
        }
        CommitOutcome outcome;
        try {
            if (committer == null) {
                open = SinkProbe.active().openForCommits(spec.address());
                committer = TableCommitter.open(open.table());
                if (!spec.batch()) {
                    merges = Optional.of(new CommitMerges(open.table(), mergeFailures));
                }
            }
            outcome = committed(delta);
            if (isLeftBehind(outcome, delta)) {
                outcome = new CommitOutcome.AlreadyCommitted(
                        open.table().snapshots().latest());
            }
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
        if (outcome instanceof CommitOutcome.Committed committed) {
            commits.inc();
            counts.committed(delta);
            merges.ifPresent(m -> m.afterCommit(committed.snapshot()));
            maintenance.ifPresent(m -> m.afterCommit(committed.snapshot()));
        } else if (outcome instanceof CommitOutcome.AlreadyCommitted already) {
            alreadyCommitted.inc();
            maintenance.ifPresent(m -> already.head().ifPresent(m::afterCommit));
            request.signalAlreadyCommitted();
        } else {
            throw new SuppressRestartsException(refusal(delta, outcome));
        }
    }

    private CommitOutcome committed(CommitDelta delta) throws IOException, InterruptedException {
        commitLock.lockInterruptibly();
        try {
            return committer.commit(delta, properties());
        } finally {
            commitLock.unlock();
        }
    }

    /** Says to all writers how far compaction is behind; a job that does not compact knows nothing of it. */
    private Map<String, String> properties() {
        long debt = maintenance.isEmpty() ? 0 : counts.debt().sizeBytes();
        return debt == 0 ? Map.of() : Map.of(TableCommitter.DEBT_BYTES, Long.toString(debt));
    }

    /**
     * A job that goes on under a new user still brings the restored delta of the old one. It may be older than what the
     * commit map keeps; then the snapshots themselves tell whether it was published. One that was not stays refused,
     * because its rows are in no snapshot and no longer before the restored position.
     */
    private boolean isLeftBehind(CommitOutcome outcome, CommitDelta delta) throws IOException {
        boolean ends = outcome instanceof CommitOutcome.Refused || outcome instanceof CommitOutcome.Fenced;
        return ends
                && spec.newUserOnOlderSavepoint()
                && open.table().snapshots().hasPublished(delta.identity());
    }

    private StreamhouseException refusal(CommitDelta delta, CommitOutcome outcome) {
        String what =
                "delta of checkpoint %d for %s: ".formatted(delta.identity().identifier(), spec.address());
        if (outcome instanceof CommitOutcome.Fenced fenced) {
            return new StreamhouseException(ErrorCode.WRITER_FENCED, what + fenced.message());
        }
        if (outcome instanceof CommitOutcome.Refused refused) {
            return new StreamhouseException(refused.code(), what + refused.message());
        }
        return new StreamhouseException(ErrorCode.WRITE_CONFLICT, what + "unexpected answer " + outcome);
    }

    @Override
    public void close() throws IOException {
        try {
            maintenance.ifPresent(TableMaintenance::close);
            merges.ifPresent(CommitMerges::close);
            if (committer != null) {
                committer.close();
            }
        } finally {
            if (open != null) {
                open.close();
            }
        }
    }
}
