package io.streamhouse.spec.column;

import java.util.Arrays;
import java.util.List;

/**
 * Columns of equal length with an optional selection of the rows that count. Immutable; arrays are shared.
 *
 * @param columns vectors of equal size
 * @param rowCount size of every vector
 * @param selection ascending positions of the rows that count, or null for all
 */
public record ColumnBatch(List<ColumnVector> columns, int rowCount, int[] selection) {
    public ColumnBatch {
        columns = List.copyOf(columns);
        for (ColumnVector c : columns) {
            if (c.size() != rowCount) {
                throw new IllegalArgumentException("a column has %d rows, the batch %d".formatted(c.size(), rowCount));
            }
        }
    }

    /** A batch of at least one column in which every row counts. */
    public static ColumnBatch of(List<ColumnVector> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a batch without columns does not know its rows");
        }
        return new ColumnBatch(columns, columns.get(0).size(), null);
    }

    /** Rows that count. */
    public int selectedCount() {
        return selection == null ? rowCount : selection.length;
    }

    /** Position of the i-th row that counts. */
    public int position(int i) {
        return selection == null ? i : selection[i];
    }

    public ColumnVector column(int index) {
        return columns.get(index);
    }

    /** The same columns with another selection. */
    public ColumnBatch withSelection(int[] positions) {
        return new ColumnBatch(columns, rowCount, positions);
    }

    /** A dense copy of the rows that count; this batch if all count. */
    public ColumnBatch compact() {
        return selection == null ? this : gather(selection, 0, selection.length);
    }

    /** A dense batch of the rows at {@code positions[from .. to)}. */
    public ColumnBatch gather(int[] positions, int from, int to) {
        return new ColumnBatch(
                columns.stream().map(c -> c.gather(positions, from, to)).toList(), to - from, null);
    }

    /** A batch of the columns at the given indexes. */
    public ColumnBatch project(int[] indexes) {
        return new ColumnBatch(Arrays.stream(indexes).mapToObj(columns::get).toList(), rowCount, selection);
    }

    /** Approximate heap bytes. */
    public long sizeBytes() {
        long sum = selection == null ? 0 : selection.length * 4L;
        for (ColumnVector c : columns) {
            sum += c.sizeBytes();
        }
        return sum;
    }
}
