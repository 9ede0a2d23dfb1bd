package io.streamhouse.lake;

import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.IdSource;
import io.streamhouse.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The changes of one writer between two barriers: a memtable, and sorted runs on local disk once the memtable has
 * outgrown its budget. One thread.
 */
public final class ChangeBuffer implements Closeable {
    /** Most rows between two looks at the memtable's size; fewer when rows are long. */
    private static final int MAX_CHECK_ROWS = 256;

    /** Part of the budget that may pass unseen between two looks, if rows are as long as those before. */
    private static final int CHECK_SHARE = 16;

    private final TableSchema schema;
    private final Memtable memtable;
    private final long budgetBytes;
    private final int appendBucket;
    private final Supplier<ObjectStore> local;
    private final IdSource ids;
    private final List<SortedChanges> runs = new ArrayList<>();
    private int nextCheck;

    /**
     * @param budgetBytes heap for buffered rows
     * @param appendBucket bucket of all rows of a table with neither key nor bucket key
     * @param local store of spilled runs, asked for when the first run spills
     * @param ids names of spilled runs
     */
    public ChangeBuffer(
            TableSchema schema, long budgetBytes, int appendBucket, Supplier<ObjectStore> local, IdSource ids) {
        this.schema = schema;
        this.memtable = new Memtable(schema);
        this.budgetBytes = budgetBytes;
        this.appendBucket = appendBucket;
        this.local = local;
        this.ids = ids;
    }

    /**
     * Adds a change; a refused row leaves everything as it was.
     *
     * @return true if the memtable has outgrown its budget: {@link #spill()} is due
     */
    public boolean append(RowKind kind, RowView row) {
        memtable.append(kind, row);
        if (memtable.rowCount() < nextCheck) {
            return false;
        }
        long size = memtable.sizeBytes();
        long rowBytes = Math.max(1, size / memtable.rowCount());
        nextCheck =
                memtable.rowCount() + (int) Math.max(1, Math.min(MAX_CHECK_ROWS, budgetBytes / CHECK_SHARE / rowBytes));
        return size > budgetBytes;
    }

    /** Moves the memtable's rows to local disk; after a failure what they held is gone. */
    public void spill() throws IOException {
        nextCheck = 0;
        runs.add(SpilledRun.spill(memtable.seal(appendBucket), local.get(), schema.fields(), ids.next()));
    }

    public boolean isEmpty() {
        return memtable.rowCount() == 0 && runs.isEmpty();
    }

    /** Heap bytes of buffered rows. */
    public long sizeBytes() {
        return memtable.sizeBytes();
    }

    /** Runs on local disk. */
    public int spilledRuns() {
        return runs.size();
    }

    /** All changes since the last call, sorted, one per key; the caller closes its rows. The buffer is empty then. */
    public SortedChanges seal() {
        List<SortedChanges> all = new ArrayList<>(runs);
        runs.clear();
        nextCheck = 0;
        if (memtable.rowCount() > 0 || all.isEmpty()) {
            all.add(memtable.seal(appendBucket));
        }
        return RunMerge.merge(all);
    }

    @Override
    public void close() throws IOException {
        for (SortedChanges run : runs) {
            run.close();
        }
        runs.clear();
    }
}
