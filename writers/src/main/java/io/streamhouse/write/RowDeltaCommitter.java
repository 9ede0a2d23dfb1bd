package io.streamhouse.write;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.PinnedDelta;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableDelta;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes UPDATE and DELETE statements: deltas of writers that are pinned to one snapshot
 * ({@link TableWriter#forRowDelta}). The statement counts as run at that snapshot: rows inserted since are not touched,
 * rows changed since by an APPEND or OVERWRITE are skipped. The snapshot must be kept from expiring from its first read
 * until the outcome is known. One thread.
 *
 * @see "spec/commit.md, section Kinds, ROW_DELTA"
 */
public final class RowDeltaCommitter {
    /** Property: snapshot that the statement read. */
    public static final String BASE = "base";
    /** Property: rows replaced or deleted. */
    public static final String ROWS_REPLACED = "rows-replaced";
    /** Property: rows that had been changed since and were left alone. */
    public static final String ROWS_SKIPPED = "rows-skipped";

    private final Table table;
    private final SnapshotChain chain;
    private final Rules rules;

    /**
     * Which parts of the rule are in force; all of them, but in tests that show what each is worth.
     *
     * @param refuseRollback a statement that read before a rollback fails
     * @param refuseChanged a statement fails whose rows another one has changed since
     * @param translate rows are followed through compactions
     */
    public record Rules(boolean refuseRollback, boolean refuseChanged, boolean translate) {
        public static final Rules ALL = new Rules(true, true, true);
    }

    private RowDeltaCommitter(Table table, Rules rules) {
        this.table = table;
        this.chain = table.snapshots();
        this.rules = rules;
    }

    public static RowDeltaCommitter open(Table table) {
        return open(table, Rules.ALL);
    }

    /** A committer with a part of the rule switched off, for tests that show what it is worth. */
    public static RowDeltaCommitter open(Table table, Rules rules) {
        return new RowDeltaCommitter(table, rules);
    }

    /**
     * Publishes the only delta of a statement exactly once, however often it is called with it: {@code Committed},
     * {@code AlreadyCommitted}, or {@code Refused} with {@code WRITE_CONFLICT} if another statement changed some of the
     * rows since, or the table was rolled back: then nothing is written. A delta without parts publishes nothing. On an
     * {@link IOException} nothing is known; call again.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} if the snapshots since the base are not kept
     */
    public CommitOutcome commit(CommitDelta delta) throws IOException {
        requireStatement(delta);
        Optional<Snapshot> head = chain.latest();
        PinnedDelta pinned = null;
        PinnedWalk walk = null;
        for (int conflicts = 0; ; conflicts++) {
            Optional<CommitOutcome> answer =
                    chain.verdict(head, delta.identity()).outcome(head);
            if (answer.isPresent()) {
                return answer.get();
            }
            if (delta.parts().isEmpty()) {
                return new CommitOutcome.AlreadyCommitted(head);
            }
            if (pinned == null) {
                Optional<CommitOutcome> taken = TableCommitter.refuseTaken(chain, head, delta);
                if (taken.isPresent()) {
                    return taken.get();
                }
                pinned = PinnedDelta.read(table.components().store(), delta);
                walk = new PinnedWalk(table, delta, pinned.positions(), rules);
            }
            follow(walk, head);
            if (walk.ownCommit()) {
                return chain.alreadyCommitted(head);
            }
            Optional<String> objection = walk.objection();
            if (objection.isPresent()) {
                return new CommitOutcome.Refused(ErrorCode.WRITE_CONFLICT, objection.get());
            }
            CommitOutcome outcome = chain.publish(head, draft(delta, pinned, walk, conflicts));
            if (!(outcome instanceof CommitOutcome.HeadMoved moved)) {
                return outcome;
            }
            head = Optional.of(moved.head());
        }
    }

    private void follow(PinnedWalk walk, Optional<Snapshot> head) throws IOException {
        try {
            walk.follow(head);
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                table.snapshots().requireReadable(walk.base());
            }
            throw e;
        }
    }

    private static void requireStatement(CommitDelta delta) {
        if (!delta.identity().closesUser()) {
            throw new IllegalArgumentException("a row delta is the only one of its user '%s', which it does not close"
                    .formatted(delta.identity().user()));
        }
        long bases =
                delta.parts().stream().mapToLong(TableDelta::since).distinct().count();
        if (bases > 1) {
            throw new IllegalArgumentException("the writers of user '%s' are pinned to %d different snapshots"
                    .formatted(delta.identity().user(), bases));
        }
    }

    private static SnapshotDraft draft(CommitDelta delta, PinnedDelta pinned, PinnedWalk walk, int conflicts) {
        PinnedDelta.Outcome outcome = pinned.outcome();
        int schemaId =
                delta.parts().stream().mapToInt(TableDelta::schemaId).max().orElse(0);
        return new SnapshotDraft(
                SnapshotKind.ROW_DELTA,
                Optional.of(delta.identity()),
                schemaId,
                TableCommitter.oldestBase(delta),
                outcome.files(),
                Set.of(),
                outcome.masks(),
                new CommitChange(outcome.counts(), outcome.deletes(), 0, conflicts, Optional.empty()),
                -outcome.counts().deleted(),
                outcome.counts().insertedKeys().minus(outcome.counts().deletedKeys()),
                delta.watermark(),
                Map.of(
                        BASE, Long.toString(walk.base()),
                        ROWS_REPLACED, Long.toString(outcome.replaced()),
                        ROWS_SKIPPED, Integer.toString(pinned.positions().skippedCount())),
                Optional.empty());
    }
}
