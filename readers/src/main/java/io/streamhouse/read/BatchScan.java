package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.read.rows.ReadCounts;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a plan, one split after the other, kept from expiring by a lease if reading takes long; after a failure it can only be closed ({@code IllegalStateException}).
 * One thread.
 */
public final class BatchScan implements AutoCloseable {
    private final Table table;
    private final ScanPlan plan;
    private final ReadCounts counts = new ReadCounts();
    private final ReadLease lease;
    private long rest;
    private int split;
    private ScanSplitReader reader;

    BatchScan(Table table, ScanPlan plan, long limit) {
        this.table = table;
        this.plan = plan;
        this.lease = new ReadLease(table, "scan");
        this.rest = limit;
    }

    /** The next rows, at least one, possibly as a selection; null at the end. */
    public ColumnBatch next() throws IOException {
        lease.keep(plan.snapshotId());
        while (rest > 0 && split < plan.splits().size()) {
            if (reader == null) {
                reader = ScanSplitReader.open(table, plan.splits().get(split), plan.request(), 0, counts);
            }
            ColumnBatch batch = reader.next();
            if (batch != null) {
                return limited(batch);
            }
            closeReader();
            split++;
        }
        return null;
    }

    private ColumnBatch limited(ColumnBatch batch) {
        int count = batch.selectedCount();
        if (count <= rest) {
            rest -= count;
            return batch;
        }
        int[] first = new int[(int) rest];
        Arrays.setAll(first, batch::position);
        rest = 0;
        return batch.withSelection(first);
    }

    /** The columns of every batch. */
    public List<Field> columns() {
        return plan.request().columns();
    }

    /** The snapshot that is read, 0 for a table without one. */
    public long snapshotId() {
        return plan.snapshotId();
    }

    public ScanPlan plan() {
        return plan;
    }

    /** Costs so far. */
    public ScanCounts counts() {
        return ScanCounts.of(counts);
    }

    private void closeReader() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    @Override
    public void close() throws IOException {
        rest = 0;
        try (lease) {
            closeReader();
        }
    }
}
