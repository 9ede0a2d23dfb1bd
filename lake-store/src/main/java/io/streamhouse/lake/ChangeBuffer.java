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
    /** Rows between two looks at the memtable's size. */
    private static final int CHECK_ROWS = 256;

    private final TableSchema schema;
    private final Memtable memtable;
    private final long budgetBytes;
    private final int appendBucket;
    private final Supplier<ObjectStore> local;
    private final IdSource ids;
    private final List<SortedChanges> runs = new ArrayList<>();

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

    /** Adds a change; a refused row leaves everything as it was. */
    public void append(RowKind kind, RowView row) throws IOException {
        memtable.append(kind, row);
        if (memtable.rowCount() % CHECK_ROWS == 0 && memtable.sizeBytes() > budgetBytes) {
            runs.add(SpilledRun.spill(memtable.seal(appendBucket), local.get(), schema.fields(), ids.next()));
        }
    }

    public boolean isEmpty() {
        return memtable.rowCount() == 0 && runs.isEmpty();
    }

    /** Runs on local disk. */
    public int spilledRuns() {
        return runs.size();
    }

    /** Heap bytes of buffered rows. */
    public long sizeBytes() {
        return memtable.sizeBytes();
    }

    /** All changes since the last call, sorted, one per key; the caller closes its rows. The buffer is empty then. */
    public SortedChanges seal() {
        List<SortedChanges> all = new ArrayList<>(runs);
        runs.clear();
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
