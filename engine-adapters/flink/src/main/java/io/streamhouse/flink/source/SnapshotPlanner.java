package io.streamhouse.flink.source;

import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.read.ScanPlan;
import io.streamhouse.read.ScanSplitCodec;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Cuts one snapshot into splits of a batch scan. */
final class SnapshotPlanner implements SplitPlanner {
    private final ScanSpec spec;
    private final OpenTable open;
    private final SourceLease lease;
    private volatile long snapshot;

    /** @param open closed with the planner */
    SnapshotPlanner(ScanSpec spec, OpenTable open) {
        this.spec = spec;
        this.open = open;
        this.lease = new SourceLease(open.table(), "batch", true);
    }

    static SnapshotPlanner open(ScanSpec spec) throws IOException {
        return new SnapshotPlanner(spec, spec.address().open());
    }

    @Override
    public Plan next(EnumeratorState.Cursor cursor, int maxSplits) throws IOException {
        if (spec.range().isBeforeAll()) {
            return new Plan(cursor, List.of(), new EnumeratorState.Cursor(true, 1, 0));
        }
        TableScan scan = TableScan.of(open.table()).select(spec.columns());
        spec.filter().ifPresent(scan::where);
        switch (spec.range().mode()) {
            case DEFAULT, LATEST_FULL, LATEST -> {}
            case FROM_SNAPSHOT, FROM_SNAPSHOT_FULL -> scan.snapshot(spec.range().snapshotId());
            case FROM_TIMESTAMP -> scan.asOf(spec.range().timestampMillis());
            case EARLIEST ->
                throw new StreamhouseException(
                        ErrorCode.BAD_OPTION_VALUE,
                        "'scan.mode' = '%s' reads changes; a batch query reads one snapshot"
                                .formatted(spec.range().mode().name().toLowerCase(Locale.ROOT)));
        }
        ScanPlan plan = scan.plan();
        snapshot = plan.snapshotId();
        lease.keep(snapshot);
        List<Piece> pieces = plan.splits().stream()
                .map(s -> new Piece(TableSplit.Kind.SCAN, 0, ScanSplitCodec.write(s), s.snapshotId()))
                .toList();
        return new Plan(cursor, pieces, new EnumeratorState.Cursor(true, snapshot + 1, snapshot));
    }

    @Override
    public long neededBy(TableSplit split) {
        return ScanSplitCodec.read(split.payload()).snapshotId();
    }

    @Override
    public void keep(long oldest) throws IOException {
        lease.keep(oldest);
    }

    @Override
    public long latestSnapshot() {
        return snapshot;
    }

    @Override
    public void close() throws IOException {
        lease.close();
        open.close();
    }
}
