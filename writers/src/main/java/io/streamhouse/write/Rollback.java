package io.streamhouse.write;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * Publishes the tree of an older snapshot again as the newest one: rows, count and digest go back; commit users, epochs,
 * schema, row ids and time go on, so that running writers go on too. One thread.
 *
 * @see "spec/commit.md, section Kinds, ROLLBACK"
 */
public final class Rollback {
    /** Property: snapshot whose tree this is. */
    public static final String TARGET = "target";

    private final Table table;
    private final SnapshotChain chain;
    private final long targetId;
    private final SnapshotPin pin;
    private final boolean renews;
    private final DeltaIdentity identity;

    private Rollback(Table table, long targetId, SnapshotPin pin, boolean renews) {
        this.table = table;
        this.chain = table.snapshots();
        this.targetId = targetId;
        this.pin = pin;
        this.renews = renews;
        this.identity = CommitTimeline.fresh(
                        CommitUser.fresh(), table.components().ids())
                .next(1, OptionalLong.empty(), List.of(), true)
                .identity();
    }

    /** A rollback to a snapshot; nothing happens before {@link #commit}. */
    public static Rollback to(Table table, long snapshotId, SnapshotPin pin) {
        return new Rollback(table, snapshotId, pin, true);
    }

    /** A rollback that leaves {@code addedIn} of files as it was, for tests that show what renewing it is worth. */
    public static Rollback withoutRenewing(Table table, long snapshotId) {
        return new Rollback(table, snapshotId, SnapshotPin.NONE, false);
    }

    /** Who commits: a user of its own, which it closes. */
    public DeltaIdentity identity() {
        return identity;
    }

    /**
     * Publishes the rollback exactly once, however often it is called: {@code Committed} or {@code AlreadyCommitted}. On an
     * {@link IOException} nothing is known; call again.
     *
     * @throws StreamhouseException {@code SNAPSHOT_NOT_FOUND} or {@code SNAPSHOT_EXPIRED}, naming the earliest that can be
     *     gone back to
     */
    public CommitOutcome commit() throws IOException {
        Optional<Snapshot> newest = chain.latest();
        // Asked again after an unknown answer it may stand already, and its target may have expired since.
        Optional<CommitOutcome> answer = chain.verdict(newest, identity).outcome(newest);
        if (answer.isPresent()) {
            return answer.get();
        }
        SnapshotPin.Hold held = pin.hold(targetId);
        try {
            return publish(chain.snapshot(targetId), held);
        } finally {
            held.close();
        }
    }

    private LakeView tree(Snapshot target, SnapshotPin.Hold held) throws IOException {
        try {
            return LakeView.of(chain.tree(target));
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                held.renew(); // says so if the target has expired
            }
            throw e;
        }
    }

    private CommitOutcome publish(Snapshot target, SnapshotPin.Hold held) throws IOException {
        LakeView old = tree(target, held);
        LakeView now = LakeView.empty();
        Snapshot head = chain.latest().orElse(target);
        for (int conflicts = 0; ; conflicts++) {
            Optional<CommitOutcome> answer =
                    chain.verdict(Optional.of(head), identity).outcome(Optional.of(head));
            if (answer.isPresent()) {
                return answer.get();
            }
            // After the head was read: should the hold end before the put, then by a commit that takes the slot.
            held.renew();
            try {
                now.advance(chain.treeSince(head, now.snapshotId()));
            } catch (StreamhouseException e) {
                head = StaleHead.newer(chain, head, e);
                continue;
            }
            CommitOutcome outcome = chain.publish(Optional.of(head), draft(head, target, renewed(old, now), conflicts));
            if (!(outcome instanceof CommitOutcome.HeadMoved moved)) {
                return outcome;
            }
            head = moved.head();
        }
    }

    /**
     * Files that do not stand at the head exactly as they stood. Files that lose rows only are among them: between two
     * entries of a file with one {@code addedIn} masks only grow, and everybody who has seen one of them relies on it.
     */
    private Set<UUID> renewed(LakeView old, LakeView now) {
        Set<UUID> out = new HashSet<>();
        for (FileEntry entry : renews ? old.files() : List.<FileEntry>of()) {
            UUID id = entry.file().object().id();
            FileEntry live = now.file(id);
            if (live == null
                    || live.addedIn() != entry.addedIn()
                    || !mask(old, id).equals(mask(now, id))) {
                out.add(id);
            }
        }
        return out;
    }

    private static RoaringBitmap mask(LakeView view, UUID file) {
        RoaringBitmap mask = view.mask(file);
        return mask == null ? new RoaringBitmap() : mask;
    }

    private SnapshotDraft draft(Snapshot head, Snapshot target, Set<UUID> renewed, int conflicts) {
        CommitChange none = CommitChange.NONE;
        return new SnapshotDraft(
                SnapshotKind.ROLLBACK,
                Optional.of(identity),
                target.header().schemaId(),
                head.id(),
                List.of(),
                Set.of(),
                List.of(),
                new CommitChange(none.counts(), none.deletes(), none.examinedRows(), conflicts, none.positionMap()),
                target.totals().rowCount() - head.totals().rowCount(),
                target.totals().digest().minus(head.totals().digest()),
                OptionalLong.empty(),
                Map.of(TARGET, Long.toString(targetId)),
                Optional.of(new SnapshotDraft.Restored(target, renewed)));
    }

    @Override
    public String toString() {
        return "rollback of %s to snapshot %d".formatted(table.name(), targetId);
    }
}
