package io.streamhouse.columnar;

import io.streamhouse.columnar.encoding.ByteSink;
import io.streamhouse.spec.column.ColumnVector;
import java.util.Arrays;

/** Collects rows of one column until the page is cut. One thread. */
final class PageBuffer {
    private final boolean isBytes;
    private long[] nulls;
    private int rows;
    private int count;
    private long[] numbers = {};
    private ByteSink data = new ByteSink(0);
    private int[] offsets = new int[1];

    PageBuffer(boolean isBytes) {
        this.isBytes = isBytes;
    }

    int rows() {
        return rows;
    }

    /** Bytes of the byte strings so far. */
    int dataBytes() {
        return data.size();
    }

    /**
     * Appends rows of a vector.
     *
     * @param positions positions of the rows, or null if row i is position i
     * @param from first index into {@code positions}
     * @param to behind the last index
     */
    void append(ColumnVector vector, int[] positions, int from, int to) {
        int start = rows;
        reserve(to - from);
        if (vector.hasNulls()) {
            markNulls(vector, positions, from, to);
        }
        rows = start + (to - from);
        if (vector instanceof ColumnVector.Longs v) {
            appendLongs(v, positions, from, to);
        } else if (vector instanceof ColumnVector.Ints v) {
            appendInts(v, positions, from, to);
        } else if (vector instanceof ColumnVector.Bytes v) {
            appendBytes(v, positions, from, to);
        } else {
            appendRare(vector, positions, from, to);
        }
    }

    private void reserve(int more) {
        if (isBytes) {
            if (count + more + 1 > offsets.length) {
                offsets = Arrays.copyOf(offsets, Math.max(count + more + 1, offsets.length * 2));
            }
        } else if (count + more > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(count + more, numbers.length * 2));
        }
    }

    private void markNulls(ColumnVector vector, int[] positions, int from, int to) {
        int words = (rows + to - from + 63) >>> 6;
        if (nulls == null) {
            nulls = new long[words];
        } else if (nulls.length < words) {
            nulls = Arrays.copyOf(nulls, Math.max(words, nulls.length * 2));
        }
        long[] source = vector.nulls();
        int row = rows;
        for (int i = from; i < to; i++, row++) {
            int p = positions == null ? i : positions[i];
            nulls[row >>> 6] |= ((source[p >>> 6] >>> p) & 1L) << row;
        }
    }

    private void appendLongs(ColumnVector.Longs v, int[] positions, int from, int to) {
        long[] values = v.values();
        if (!v.hasNulls() && positions == null) {
            System.arraycopy(values, from, numbers, count, to - from);
            count += to - from;
            return;
        }
        int n = count;
        for (int i = from; i < to; i++) {
            int p = positions == null ? i : positions[i];
            numbers[n] = values[p];
            n += v.isNull(p) ? 0 : 1;
        }
        count = n;
    }

    private void appendInts(ColumnVector.Ints v, int[] positions, int from, int to) {
        int[] values = v.values();
        int n = count;
        for (int i = from; i < to; i++) {
            int p = positions == null ? i : positions[i];
            numbers[n] = values[p];
            n += v.isNull(p) ? 0 : 1;
        }
        count = n;
    }

    private void appendBytes(ColumnVector.Bytes v, int[] positions, int from, int to) {
        byte[] bytes = v.data();
        int[] starts = v.offsets();
        for (int i = from; i < to; i++) {
            int p = positions == null ? i : positions[i];
            if (!v.isNull(p)) {
                data.put(bytes, starts[p], starts[p + 1] - starts[p]);
                offsets[++count] = data.size();
            }
        }
    }

    private void appendRare(ColumnVector vector, int[] positions, int from, int to) {
        for (int i = from; i < to; i++) {
            int p = positions == null ? i : positions[i];
            if (!vector.isNull(p)) {
                numbers[count++] = bits(vector, p);
            }
        }
    }

    private static long bits(ColumnVector vector, int row) {
        if (vector instanceof ColumnVector.Floats v) {
            return Float.floatToIntBits(v.values()[row]);
        }
        if (vector instanceof ColumnVector.Doubles v) {
            return Double.doubleToLongBits(v.values()[row]);
        }
        return ((ColumnVector.Booleans) vector).values()[row];
    }

    /** Hands the rows over and starts anew; the arrays belong to the page. */
    PageValues cut() {
        long[] pageNulls = count == rows ? null : Arrays.copyOf(nulls, (rows + 63) >>> 6);
        PageValues page = isBytes
                ? new PageValues(rows, pageNulls, count, null, data.array(), offsets)
                : new PageValues(rows, pageNulls, count, numbers, null, null);
        int capacity = count;
        nulls = null;
        rows = 0;
        count = 0;
        if (isBytes) {
            data = new ByteSink(data.size());
            offsets = new int[capacity + 1];
        } else {
            numbers = new long[capacity];
        }
        return page;
    }
}
