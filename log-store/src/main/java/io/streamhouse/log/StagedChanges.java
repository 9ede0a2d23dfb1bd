package io.streamhouse.log;

import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.PhysicalType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows chosen for the next batch, by reference; copied column after column when the batch is full. */
final class StagedChanges {
    static final int MAX_ROWS = 4096;
    private static final int FEW_ROWS = 64;
    private static final long MAX_BYTES = 32L << 20;

    private final CommitStamp commit;
    private final List<PhysicalType> columns;

    /** Columns that a key delete keeps; the others become null. */
    private final boolean[] keyColumns;

    private SourceBatch[] batches = new SourceBatch[FEW_ROWS];
    private int[] rows = new int[FEW_ROWS];
    private byte[] kinds = new byte[FEW_ROWS];
    private boolean[] keysOnly = new boolean[FEW_ROWS];
    private long[] consumed = new long[FEW_ROWS];
    private int size;
    private long bytes;

    StagedChanges(CommitStamp commit, List<PhysicalType> columns, boolean[] keyColumns) {
        this.commit = commit;
        this.columns = List.copyOf(columns);
        this.keyColumns = keyColumns;
    }

    /** Room for a pair is kept, so that -U and +U stand in one batch. */
    boolean isFull() {
        return size >= MAX_ROWS - 1 || bytes >= MAX_BYTES;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds the merge's current row. */
    void add(RowKind kind, KeyMerge source, long rowsConsumed) {
        if (size == rows.length) {
            grow();
        }
        batches[size] = source.batch();
        rows[size] = source.row();
        kinds[size] = kind.code();
        keysOnly[size] = false;
        consumed[size] = rowsConsumed;
        size++;
        bytes += source.rowBytes();
    }

    private void grow() {
        int room = Math.min(MAX_ROWS, 4 * size);
        batches = Arrays.copyOf(batches, room);
        rows = Arrays.copyOf(rows, room);
        kinds = Arrays.copyOf(kinds, room);
        keysOnly = Arrays.copyOf(keysOnly, room);
        consumed = Arrays.copyOf(consumed, room);
    }

    /** Adds the key of the merge's current row. */
    void addKeyOnly(RowKind kind, KeyMerge source, long rowsConsumed) {
        add(kind, source, rowsConsumed);
        keysOnly[size - 1] = true;
    }

    ChangeBatch drain() {
        List<ColumnVector> out = new ArrayList<>(columns.size());
        for (int c = 0; c < columns.size(); c++) {
            out.add(column(c));
        }
        ChangeBatch batch = new ChangeBatch(
                new ColumnBatch(out, size, null),
                Arrays.copyOf(kinds, size),
                Arrays.copyOf(consumed, size),
                commit,
                false);
        Arrays.fill(batches, 0, size, null);
        size = 0;
        bytes = 0;
        return batch;
    }

    private ColumnVector column(int c) {
        ColumnBuilder builder = ColumnBuilder.of(columns.get(c));
        for (int i = 0; i < size; i++) {
            if (keysOnly[i] && !keyColumns[c]) {
                builder.appendNull();
            } else {
                builder.append(batches[i].rows().column(c), rows[i]);
            }
        }
        return builder.build();
    }
}
