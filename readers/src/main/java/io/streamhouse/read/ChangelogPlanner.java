package io.streamhouse.read;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeView;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.log.Phase;
import io.streamhouse.read.rows.FilePositions;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds new commits and cuts them, or a snapshot read as a table, into splits. Ascending commits are cheap: the planner
 * keeps the newest tree that it has seen. Opens no data file. One thread.
 *
 * <p>{@code SNAPSHOT_EXPIRED} names the earliest snapshot that can be read; {@code SNAPSHOT_NOT_FOUND} is one that does not
 * exist yet.
 */
public final class ChangelogPlanner {
    private final Table table;
    private final SnapshotChain chain;
    private final ChangelogShape shape;
    private final int keyWords;
    private LakeView view;

    private ChangelogPlanner(Table table, ChangelogShape shape) {
        this.table = table;
        this.chain = table.snapshots();
        this.shape = shape;
        TableSchema schema = table.schema();
        this.keyWords = schema.layout().hasKey()
                ? KeyEncoder.of(schema.project(schema.keyIndexes())).words()
                : 0;
    }

    public static ChangelogPlanner of(Table table, ChangelogShape shape) {
        return new ChangelogPlanner(table, shape);
    }

    /** Id of the newest snapshot, 0 for a table without one. */
    public long latestId() throws IOException {
        return chain.latest().map(Snapshot::id).orElse(0L);
    }

    /** Root buckets are numbers below this; one subtask has all splits of one. */
    public int rootBuckets() {
        return table.schema().layout().buckets();
    }

    /** Which snapshot a split's rows come from. */
    public CommitStamp stamp(long snapshotId) throws IOException {
        return stamp(chain.snapshot(snapshotId));
    }

    private static CommitStamp stamp(Snapshot s) {
        return new CommitStamp(s.id(), s.timeMillis(), s.header().schemaId());
    }

    /** The table at a snapshot: one split per bucket with visible rows, ascending. */
    public List<ChangeSplit> fullSplitsOf(long snapshotId) throws IOException {
        Snapshot snapshot = chain.snapshot(snapshotId);
        moveTo(snapshot);
        return splits(Phase.FULL, snapshot).ofView(view);
    }

    /**
     * The changes of one commit: one split per bucket that it touched, ascending; empty for commits that change no row.
     *
     * @throws StreamhouseException {@code NOT_INSERT_ONLY} if the shape is {@code UPSERT}, the table has no key and the
     *     commit takes rows away
     */
    public List<ChangeSplit> splitsOf(long snapshotId) throws IOException {
        Snapshot snapshot = chain.snapshot(snapshotId);
        return switch (snapshot.kind()) {
            case COMPACT, SCHEMA, FENCE -> List.of();
            case APPEND -> appended(snapshot);
            case ROW_DELTA -> table.schema().layout().hasKey() ? appended(snapshot) : difference(snapshot);
            case OVERWRITE, ROLLBACK -> difference(snapshot);
        };
    }

    /** Both trees whole: such a commit may show again what an older one has hidden. */
    private List<ChangeSplit> difference(Snapshot snapshot) throws IOException {
        LakeView old = LakeView.empty();
        if (snapshot.id() > 1) {
            moveTo(chain.snapshot(snapshot.id() - 1));
            old = view;
        }
        view = LakeView.of(chain.tree(snapshot));
        List<ChangeSplit> splits = splits(Phase.CHANGES, snapshot).ofDifference(old, view);
        if (shape == ChangelogShape.UPSERT && !table.schema().layout().hasKey()) {
            refuseRetractions(snapshot, splits);
        }
        return splits;
    }

    /** Rows without key are told apart by their values: only shape {@code full} can take one back. */
    private void refuseRetractions(Snapshot snapshot, List<ChangeSplit> splits) {
        long gone = 0;
        for (ChangeSplit split : splits) {
            for (FilePositions before : split.before()) {
                gone += before.positions().length;
            }
        }
        if (gone > 0) {
            throw new StreamhouseException(
                    ErrorCode.NOT_INSERT_ONLY,
                    ("snapshot %d of %s, of kind %s, takes %d rows away, and a subscription to inserted rows only cannot say"
                                    + " so; go on with a new one from snapshot %d, or read shape full")
                            .formatted(snapshot.id(), table.name(), snapshot.kind(), gone, snapshot.id() + 1));
        }
    }

    private List<ChangeSplit> appended(Snapshot snapshot) throws IOException {
        TableTree own = chain.treeSince(snapshot, snapshot.id() - 1);
        if (view != null && view.snapshotId() == snapshot.id() - 1) {
            view.advance(own);
        } else {
            moveTo(snapshot);
        }
        Optional<MaskSegment> segment = own.segments().stream()
                .filter(s -> s.toSnapshot() == snapshot.id())
                .findFirst();
        if (segment.isPresent() && segment.get().fromSnapshot() != snapshot.id()) {
            throw StreamhouseException.corrupt(
                    "snapshot " + snapshot.id() + " of " + table.name(), "its own masks are merged with older ones");
        }
        return splits(Phase.CHANGES, snapshot).ofAppend(view, segment, deletes(snapshot));
    }

    private CommitSplits splits(Phase phase, Snapshot snapshot) {
        return new CommitSplits(phase, shape, stamp(snapshot), rootBuckets(), keyWords);
    }

    private List<DeleteBlock> deletes(Snapshot snapshot) throws IOException {
        List<DeleteBlock> out = new ArrayList<>();
        if (shape == ChangelogShape.UPSERT) {
            for (BlockRef ref : snapshot.change().deletes()) {
                String name = ref instanceof BlockRef.Stored s ? s.path() : "delete block of snapshot " + snapshot.id();
                out.add(DeleteBlockCodec.read(
                        ColumnFiles.readBlock(table.components().store(), ref), name));
            }
        }
        return out;
    }

    private void moveTo(Snapshot snapshot) throws IOException {
        if (view == null || view.snapshotId() > snapshot.id()) {
            view = LakeView.of(chain.tree(snapshot));
        } else if (view.snapshotId() < snapshot.id()) {
            view.advance(chain.treeSince(snapshot, view.snapshotId()));
        }
    }
}
