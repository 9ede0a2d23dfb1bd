package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Snapshot;

/** How an attempt to take over a commit user ended. */
public sealed interface FenceOutcome {
    /**
     * The caller owns the user; older attempts may only commit what the restored checkpoint holds.
     *
     * @param snapshot the FENCE snapshot
     * @param user the commit user; another one than asked for under {@link OlderSavepoint#NEW_USER}
     * @param epoch epoch to stamp on new deltas
     */
    record Opened(Snapshot snapshot, String user, int epoch) implements FenceOutcome {}

    /**
     * The restored state does not continue what the table holds; nothing was published.
     *
     * @param code {@code OLDER_SAVEPOINT}
     * @param message both sides and the way on
     */
    record Refused(ErrorCode code, String message) implements FenceOutcome {}
}
