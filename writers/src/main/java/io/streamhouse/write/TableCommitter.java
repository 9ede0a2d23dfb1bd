package io.streamhouse.write;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.CommitResolver;
import io.streamhouse.lake.CommitResolver.Resolution;
import io.streamhouse.lake.KeyReader;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.Mark;
import io.streamhouse.storage.Marks;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The resolving commit loop: resolves a delta against the head, publishes, and after a lost race resolves against the new
 * head, looking only at what came since. One thread.
 *
 * @see "spec/commit.md, section Resolution"
 */
public final class TableCommitter implements AutoCloseable {
    /** Property of a snapshot: bytes that the compaction of its job is behind, for writers that slow down by it. */
    public static final String DEBT_BYTES = "compaction.debt-bytes";

    /** Keys of recent files kept, so that a lookup in them reads no file. */
    private static final long KEY_CACHE_BYTES = 64L << 20;

    private final SnapshotChain chain;
    private final CommitResolver resolver;
    private final Marks marks;
    private final LakeView view = LakeView.empty();
    private final boolean keyed;

    private TableCommitter(Table table, KeyReader keyReader, CommitResolver.Rules rules) {
        this.chain = table.snapshots();
        this.marks = table.components().marks();
        this.keyed = keyReader != null;
        this.resolver = new CommitResolver(table.components().store(), keyReader, rules);
    }

    /** A committer of one table. */
    public static TableCommitter open(Table table) {
        return open(table, CommitResolver.Rules.ALL);
    }

    /** A committer with a part of the rule switched off, for tests that show what it is worth. */
    public static TableCommitter open(Table table, CommitResolver.Rules rules) {
        return new TableCommitter(table, keyReader(table), rules);
    }

    static TableCommitter open(Table table, KeyReader keyReader) {
        return new TableCommitter(table, keyReader, CommitResolver.Rules.ALL);
    }

    static KeyReader keyReader(Table table) {
        return table.schema().layout().hasKey()
                ? new KeyReader(table.components().store(), table.schema(), table::schema, KEY_CACHE_BYTES)
                : null;
    }

    /**
     * Publishes the delta exactly once, however often it is called with it: {@code Committed}, {@code AlreadyCommitted},
     * {@code Fenced} or {@code Refused}; never {@code HeadMoved}. On an {@link IOException} nothing is known; call again.
     */
    public CommitOutcome commit(CommitDelta delta) throws IOException {
        return commit(delta, Map.of());
    }

    /**
     * As {@link #commit(CommitDelta)}.
     *
     * @param properties free properties of the snapshot, such as {@link #DEBT_BYTES}
     */
    public CommitOutcome commit(CommitDelta delta, Map<String, String> properties) throws IOException {
        CommitResolver.Prepared prepared = null;
        Optional<Snapshot> head = chain.latest();
        int conflicts = 0;
        while (true) {
            Optional<CommitOutcome> answer =
                    chain.verdict(head, delta.identity()).outcome(head);
            if (answer.isPresent()) {
                return answer.get();
            }
            if (prepared == null) {
                Optional<CommitOutcome> taken = refuseTaken(chain, head, delta);
                if (taken.isPresent()) {
                    return taken.get();
                }
                prepared = resolver.prepare(delta);
            }
            Resolution resolution;
            try {
                if (keyed) {
                    follow(head);
                    Optional<CommitOutcome> twice = refuseLiveFiles(delta, head);
                    if (twice.isPresent()) {
                        return twice.get();
                    }
                }
                resolution = prepared.resolve(view);
            } catch (StreamhouseException e) {
                if (head.isEmpty()) {
                    throw e;
                }
                head = Optional.of(StaleHead.newer(chain, head.get(), e));
                continue;
            }
            if (head.isPresent() && isOwnUnseen(head.get(), delta)) {
                marks.reached(Mark.OWN_PENDING_DELTA);
            }
            CommitOutcome outcome =
                    chain.publish(head, draft(delta, properties, prepared.deleteBlocks(), resolution, conflicts));
            if (outcome instanceof CommitOutcome.HeadMoved moved) {
                head = Optional.of(moved.head());
                conflicts++;
            } else {
                return outcome;
            }
        }
    }

    /**
     * A file belongs to one delta and stands in the tree once: rows of a file that is there already would be hidden by the
     * masks it has gathered since. Reached by a batch delta whose closed user the commit map no longer keeps, and by
     * parts that somebody stamped anew.
     */
    private Optional<CommitOutcome> refuseLiveFiles(CommitDelta delta, Optional<Snapshot> head) throws IOException {
        for (TableDelta part : delta.parts()) {
            for (DataFile file : part.files()) {
                FileEntry live = view.file(file.object().id());
                if (live != null) {
                    DeltaIdentity id = delta.identity();
                    String message = "delta %s of user '%s' holds %s, which is in the table since snapshot %d"
                            .formatted(id.delta(), id.user(), file.object().path(), live.bornIn());
                    return Optional.of(
                            id.closesUser()
                                    ? chain.alreadyCommitted(head)
                                    : new CommitOutcome.Refused(ErrorCode.COMMIT_REFUSED, message));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a snapshot is of the delta's own timeline, and later than what its writers wrote on. */
    private static boolean isOwnUnseen(Snapshot head, CommitDelta delta) {
        return head.kind() == SnapshotKind.APPEND
                && head.author().user().equals(delta.identity().user())
                && delta.parts().stream().anyMatch(p -> !p.keyless() && p.since() < head.id());
    }

    private void follow(Optional<Snapshot> head) throws IOException {
        if (head.isPresent() && head.get().id() != view.snapshotId()) {
            view.advance(chain.treeSince(head.get(), view.snapshotId()));
        }
    }

    static Optional<CommitOutcome> refuseTaken(SnapshotChain chain, Optional<Snapshot> head, CommitDelta delta)
            throws IOException {
        List<DataFile> files =
                delta.parts().stream().flatMap(p -> p.files().stream()).toList();
        return chain.refuseTaken(head, oldestBase(delta), files);
    }

    /** What a delta brings along was written at this snapshot or later; 0 if that is not known. */
    static long oldestBase(CommitDelta delta) {
        return delta.parts().stream().mapToLong(TableDelta::since).min().orElse(0);
    }

    private static SnapshotDraft draft(
            CommitDelta delta,
            Map<String, String> properties,
            List<BlockRef> deletes,
            Resolution resolution,
            int conflicts) {
        DeltaCounts counts = resolution.counts();
        List<DataFile> files = delta.parts().stream()
                .flatMap(p -> p.files().stream())
                .filter(f -> f.rowCount() > 0)
                .toList();
        int schemaId =
                delta.parts().stream().mapToInt(TableDelta::schemaId).max().orElse(0);
        return new SnapshotDraft(
                SnapshotKind.APPEND,
                Optional.of(delta.identity()),
                schemaId,
                oldestBase(delta),
                files,
                Set.of(),
                resolution.masks(),
                new CommitChange(counts, deletes, resolution.examinedRows(), conflicts, Optional.empty()),
                counts.inserted() - counts.deleted(),
                counts.insertedKeys().minus(counts.deletedKeys()),
                delta.watermark(),
                properties,
                Optional.empty());
    }

    @Override
    public void close() {
        // holds memory only
    }
}
