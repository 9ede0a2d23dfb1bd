package io.streamhouse.flink.sink;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.RowDeltaCommitter;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Publishes the one delta of an UPDATE, DELETE or INSERT OVERWRITE. A refusal ends the job with its code; an attempt that
 * comes after its own commit finds it there.
 */
final class StatementCommitter implements Committer<CommitDelta> {
    private static final int TRIES = 3;

    private final SinkSpec spec;
    private final Statement statement;
    private final Counter commits;
    private final Counter alreadyCommitted;
    private OpenTable open;

    StatementCommitter(SinkSpec spec, Statement statement, SinkCommitterMetricGroup metrics) {
        this.spec = spec;
        this.statement = statement;
        this.commits = metrics.counter("commits");
        this.alreadyCommitted = metrics.counter("alreadyCommitted");
    }

    @Override
    public void commit(Collection<CommitRequest<CommitDelta>> requests) throws IOException, InterruptedException {
        for (CommitRequest<CommitDelta> request : requests) {
            CommitDelta delta = request.getCommittable();
            SinkProbe.active().beforeCommit(spec.address().toString(), delta);
            commit(delta, request);
            SinkProbe.active().afterCommit(spec.address().toString(), delta);
        }
    }

    private void commit(CommitDelta delta, CommitRequest<CommitDelta> request) throws IOException {
        CommitOutcome outcome;
        try {
            if (open == null) {
                open = SinkProbe.active().openForCommits(spec.address());
            }
            outcome = published(open.table(), delta);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
        if (outcome instanceof CommitOutcome.Committed) {
            commits.inc();
        } else if (outcome instanceof CommitOutcome.AlreadyCommitted) {
            alreadyCommitted.inc();
            request.signalAlreadyCommitted();
        } else {
            throw new SuppressRestartsException(refusal(outcome));
        }
    }

    /** An answer that was lost is asked for again: a delta is published once. */
    private CommitOutcome published(Table table, CommitDelta delta) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return publish(table, delta);
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private CommitOutcome publish(Table table, CommitDelta delta) throws IOException {
        if (statement instanceof Statement.Replacement replacement) {
            return Overwrite.of(table, replacement.extent()).commit(delta);
        }
        return RowDeltaCommitter.open(table, SinkProbe.active().rules()).commit(delta);
    }

    private StreamhouseException refusal(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Refused refused) {
            return new StreamhouseException(
                    refused.code(), "statement on %s: %s".formatted(spec.address(), refused.message()));
        }
        return new StreamhouseException(
                ErrorCode.WRITE_CONFLICT, "statement on %s: unexpected answer %s".formatted(spec.address(), outcome));
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
