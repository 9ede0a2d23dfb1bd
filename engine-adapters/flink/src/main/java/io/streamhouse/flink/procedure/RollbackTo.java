package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.SnapshotPin;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;

/**
 * {@code CALL sys.rollback_to('db.t', 3)}, {@code CALL sys.rollback_to(`table` => 'db.t', snapshot => 3)}: publishes an
 * older snapshot's rows again as the newest snapshot, whose id it returns.
 */
public final class RollbackTo implements Procedure {
    /** More than publishing one snapshot takes; the lease is given back when it stands. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final int TRIES = 3;

    private final ProcedureTables tables;

    RollbackTo(ProcedureTables tables) {
        this.tables = tables;
    }

    /** Called by Flink. */
    @ProcedureHint(
            arguments = {
                @ArgumentHint(name = "table", type = @DataTypeHint("STRING")),
                @ArgumentHint(name = "snapshot", type = @DataTypeHint("BIGINT"))
            },
            output = @DataTypeHint("BIGINT"))
    public Long[] call(ProcedureContext context, String table, Long snapshot) {
        return new Long[] {tables.with(table, t -> rollback(t, snapshot))};
    }

    private static long rollback(Table table, Long snapshot) throws IOException {
        if (snapshot == null || snapshot < 1) {
            throw new StreamhouseException(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    "%s has no snapshot %s, the first one is 1".formatted(table.name(), snapshot));
        }
        long newest = table.snapshots().latest().map(Snapshot::id).orElse(0L);
        if (snapshot > newest) {
            throw new StreamhouseException(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    "%s has no snapshot %d, the newest one is %d".formatted(table.name(), snapshot, newest));
        }
        Rollback rollback = Rollback.to(
                table,
                snapshot,
                SnapshotPin.lease(table, LEASE, "rollback of %s to snapshot %d".formatted(table.name(), snapshot)));
        return published(table, rollback);
    }

    /** An answer that was lost is asked for again: the rollback publishes once. */
    private static long published(Table table, Rollback rollback) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                CommitOutcome outcome = rollback.commit();
                if (outcome instanceof CommitOutcome.Committed committed) {
                    return committed.snapshot().id();
                }
                if (outcome instanceof CommitOutcome.AlreadyCommitted) {
                    return idOf(table, rollback);
                }
                if (outcome instanceof CommitOutcome.Refused refused) {
                    throw new StreamhouseException(refused.code(), refused.message());
                }
                throw new StreamhouseException(
                        ErrorCode.WRITE_CONFLICT, "%s: unexpected answer %s".formatted(rollback, outcome));
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static long idOf(Table table, Rollback rollback) throws IOException {
        Snapshot at = table.snapshots().latest().orElseThrow();
        while (!at.author().user().equals(rollback.identity().user())) {
            at = table.snapshots().snapshot(at.id() - 1);
        }
        return at.id();
    }
}
