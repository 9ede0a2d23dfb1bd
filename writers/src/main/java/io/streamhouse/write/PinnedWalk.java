package io.streamhouse.write;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.MovedPositions;
import io.streamhouse.lake.PinnedPositions;
import io.streamhouse.lake.PinnedPositions.Fate;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Mark;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The commits since a statement's base, one by one and in order: what they did to the rows that it replaces. One thread. */
final class PinnedWalk {
    private final Table table;
    private final SnapshotChain chain;
    private final String user;
    private final long base;
    private final PinnedPositions positions;
    private final RowDeltaCommitter.Rules rules;
    private long at;
    private long firstLoser;
    private long rolledBackIn;
    private boolean ownCommit;

    PinnedWalk(Table table, CommitDelta delta, PinnedPositions positions, RowDeltaCommitter.Rules rules) {
        this.table = table;
        this.chain = table.snapshots();
        this.user = delta.identity().user();
        this.base = delta.parts().get(0).since();
        this.at = base;
        this.positions = positions;
        this.rules = rules;
    }

    /** The snapshot that the statement read. */
    long base() {
        return base;
    }

    /** Whether one of the commits is the statement's own, by an attempt that the commit map no longer knows. */
    boolean ownCommit() {
        return ownCommit;
    }

    /** Goes on to the head. */
    void follow(Optional<Snapshot> head) throws IOException {
        long to = head.map(Snapshot::id).orElse(0L);
        if (to < at) {
            throw new StreamhouseException(
                    ErrorCode.COMMIT_REFUSED,
                    "a statement read snapshot %d of %s, but the newest is %d: the table was made anew"
                            .formatted(at, table.name(), to));
        }
        int skipped = positions.skippedCount();
        int lost = positions.lostCount();
        while (at < to) {
            step(at + 1 == to ? head.get() : chain.snapshot(at + 1));
            at++;
        }
        if (positions.skippedCount() > skipped) {
            mark(Mark.STATEMENT_SKIPS);
        }
        if (positions.lostCount() > lost) {
            mark(Mark.STATEMENT_LOST);
        }
    }

    private void mark(Mark mark) {
        table.components().marks().reached(mark);
    }

    private void step(Snapshot snapshot) throws IOException {
        ownCommit |= snapshot.author().user().equals(user);
        if (rolledBackIn > 0 && rules.refuseRollback()) {
            return; // refused whatever comes, and where rows went that a rollback had hidden no later commit says
        }
        switch (snapshot.kind()) {
            case SCHEMA, FENCE -> {}
            case APPEND -> positions.mask(masks(snapshot), Fate.SKIPPED);
            case ROW_DELTA -> {
                positions.mask(masks(snapshot), rules.refuseChanged() ? Fate.LOST : Fate.SKIPPED);
                if (positions.lostCount() > 0 && firstLoser == 0) {
                    firstLoser = snapshot.id();
                }
            }
            case OVERWRITE -> {
                positions.mask(masks(snapshot), Fate.SKIPPED);
                Set<UUID> live = chain.files(snapshot);
                positions.remove(file -> !live.contains(file), Fate.SKIPPED);
            }
            case COMPACT -> compacted(snapshot);
            case ROLLBACK -> rolledBackIn = rolledBackIn == 0 ? snapshot.id() : rolledBackIn;
        }
    }

    private List<FileMask> masks(Snapshot snapshot) throws IOException {
        return chain.ownMasks(snapshot).map(MaskSegment::masks).orElse(List.of());
    }

    private void compacted(Snapshot snapshot) throws IOException {
        Optional<BlockRef> ref = snapshot.change().positionMap();
        if (ref.isPresent() && rules.translate()) {
            String name = ref.get() instanceof BlockRef.Stored s
                    ? s.path()
                    : "position map of snapshot " + snapshot.id() + " of " + table.name();
            byte[] bytes = ColumnFiles.readBlock(table.components().store(), ref.get());
            if (positions.move(MovedPositions.of(PositionMapCodec.read(bytes, name))) > 0) {
                mark(Mark.STATEMENT_MOVED);
            }
        }
        Set<UUID> live = chain.files(snapshot);
        int gone = positions.remove(file -> !live.contains(file), Fate.SKIPPED);
        if (gone > 0 && rules.translate()) {
            throw StreamhouseException.corrupt(
                    "snapshot " + snapshot.id() + " of " + table.name(),
                    "a compaction removed %d rows without saying where they are".formatted(gone));
        }
    }

    /** Why the statement cannot be published, if it cannot. */
    Optional<String> objection() {
        if (rolledBackIn > 0 && rules.refuseRollback()) {
            return Optional.of(
                    ("a statement on %s read %d rows of snapshot %d, and snapshot %d has rolled the table back"
                                    + " since; nothing was changed, run it again")
                            .formatted(table.name(), positions.size(), base, rolledBackIn));
        }
        if (positions.lostCount() > 0) {
            return Optional.of(
                    ("%d of the %d rows of %s that a statement read at snapshot %d were changed by other UPDATE or DELETE"
                                    + " statements since, first in snapshot %d; nothing was changed, run it again")
                            .formatted(positions.lostCount(), positions.size(), table.name(), base, firstLoser));
        }
        return Optional.empty();
    }
}
