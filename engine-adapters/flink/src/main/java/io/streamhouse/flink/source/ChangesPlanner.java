package io.streamhouse.flink.source;

import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.log.Bound;
import io.streamhouse.log.Phase;
import io.streamhouse.log.Start;
import io.streamhouse.read.ChangeSplit;
import io.streamhouse.read.ChangeSplitCodec;
import io.streamhouse.read.ChangelogPlanner;
import io.streamhouse.read.Resolution;
import io.streamhouse.spec.option.ChangelogShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts a snapshot, then commit after commit, into splits of one partition and root bucket. */
final class ChangesPlanner implements SplitPlanner {
    private final ScanSpec spec;
    private final OpenTable open;
    private final ChangelogPlanner planner;
    private final SourceLease lease;
    private volatile long latest;

    /** @param open closed with the planner */
    ChangesPlanner(ScanSpec spec, OpenTable open) {
        this.spec = spec;
        this.open = open;
        this.lease = new SourceLease(open.table(), "stream", false);
        // a table without key is planned as insert-only, so a commit that takes rows away must not come as -D
        boolean noRetractions =
                spec.range().upserts() || !open.table().schema().layout().hasKey();
        this.planner = ChangelogPlanner.of(open.table(), noRetractions ? ChangelogShape.UPSERT : ChangelogShape.FULL);
    }

    static ChangesPlanner open(ScanSpec spec) throws IOException {
        return new ChangesPlanner(spec, spec.address().open());
    }

    @Override
    public Plan next(EnumeratorState.Cursor cursor, int maxSplits) throws IOException {
        if (!cursor.started()) {
            return start(cursor);
        }
        latest = planner.latestId();
        long last = Math.min(latest, cursor.lastSnapshot());
        List<Piece> pieces = new ArrayList<>();
        long next = cursor.nextSnapshot();
        while (next <= last && pieces.size() < maxSplits) {
            add(pieces, TableSplit.Kind.CHANGES, planner.splitsOf(next));
            next++;
        }
        return new Plan(cursor, pieces, new EnumeratorState.Cursor(true, next, cursor.lastSnapshot()));
    }

    private Plan start(EnumeratorState.Cursor cursor) throws IOException {
        Resolution resolution = Resolution.of(open.table(), begin(), end());
        long first = resolution.first().snapshotId();
        lease.keep(Math.max(1, resolution.first().phase() == Phase.FULL ? first : first - 1));
        List<Piece> pieces = new ArrayList<>();
        if (resolution.first().phase() == Phase.FULL) {
            add(pieces, TableSplit.Kind.FULL, planner.fullSplitsOf(first));
            first++;
        }
        return new Plan(cursor, pieces, new EnumeratorState.Cursor(true, first, resolution.last()));
    }

    private Start begin() {
        ScanRange range = spec.range();
        return switch (range.mode()) {
            case DEFAULT, LATEST_FULL -> Start.full();
            case LATEST -> Start.latest();
            case EARLIEST -> Start.earliest();
            case FROM_TIMESTAMP -> Start.timestamp(range.timestampMillis());
            case FROM_SNAPSHOT -> Start.fromSnapshot(range.snapshotId());
            case FROM_SNAPSHOT_FULL -> Start.fullAt(range.snapshotId());
        };
    }

    private Bound end() {
        return switch (spec.range().bound()) {
            case NONE -> Bound.none();
            case LATEST -> Bound.latest();
            case SNAPSHOT -> Bound.snapshot(spec.range().boundSnapshot());
        };
    }

    private static void add(List<Piece> pieces, TableSplit.Kind kind, List<ChangeSplit> splits) {
        for (ChangeSplit split : splits) {
            pieces.add(new Piece(kind, split.rootBucket(), ChangeSplitCodec.write(split), needed(kind, split)));
        }
    }

    @Override
    public long neededBy(TableSplit split) {
        return needed(split.kind(), ChangeSplitCodec.read(split.payload()));
    }

    /** What a commit took away stands in files of the snapshot before it. */
    private static long needed(TableSplit.Kind kind, ChangeSplit split) {
        return kind == TableSplit.Kind.FULL ? split.snapshotId() : Math.max(1, split.snapshotId() - 1);
    }

    @Override
    public void keep(long oldest) throws IOException {
        lease.keep(oldest);
    }

    @Override
    public long latestSnapshot() {
        return latest;
    }

    @Override
    public void close() throws IOException {
        lease.close();
        open.close();
    }
}
