package io.streamhouse.spec.column;

import io.streamhouse.spec.type.PhysicalType;
import java.util.Arrays;

/** Growing column: appends values, then builds a vector or starts over. One thread. */
public abstract sealed class ColumnBuilder {
    /** Largest bytes of one builder; a vector's offsets are ints. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    final NullBits nulls = new NullBits();
    int size;

    public static ColumnBuilder of(PhysicalType type) {
        return switch (type) {
            case BOOLEAN -> new OfBooleans();
            case INT -> new OfInts();
            case LONG -> new OfLongs();
            case FLOAT -> new OfFloats();
            case DOUBLE -> new OfDoubles();
            case BYTES -> new OfBytes();
        };
    }

    public final int size() {
        return size;
    }

    /** Takes back the rows from {@code rows} on; no effect if there are no more. */
    public final void truncate(int rows) {
        for (int row = rows; row < size; row++) {
            nulls.unset(row);
        }
        size = Math.min(size, rows);
    }

    /** Appends a null row. */
    public final void appendNull() {
        nulls.set(size);
        appendEmpty();
    }

    /** Appends the column's value of a row. */
    public final void append(RowView row, int column) {
        if (row.isNull(column)) {
            appendNull();
        } else {
            appendValue(row, column);
        }
    }

    /** Appends one row of a vector of the same physical type. */
    public final void append(ColumnVector vector, int row) {
        if (vector.isNull(row)) {
            appendNull();
        } else {
            appendNonNull(vector, row);
        }
    }

    abstract void appendEmpty();

    abstract void appendValue(RowView row, int column);

    abstract void appendNonNull(ColumnVector vector, int row);

    /** The rows appended so far as a vector; the builder goes on and may be cleared. */
    public abstract ColumnVector build();

    /** Heap bytes of the data so far. */
    public abstract long sizeBytes();

    /** Forgets all rows, keeps the arrays. */
    public void clear() {
        nulls.clear();
        size = 0;
    }

    static int grown(int length, int needed) {
        return (int) Math.min(MAX_BYTES, Math.max(needed, length + (long) (length >> 1) + 16));
    }

    /** BOOLEAN. */
    public static final class OfBooleans extends ColumnBuilder {
        private byte[] values = new byte[64];

        public void append(boolean value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size, size + 1));
            }
            values[size++] = (byte) (value ? 1 : 0);
        }

        @Override
        void appendEmpty() {
            append(false);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getBoolean(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            append(((ColumnVector.Booleans) vector).values()[row] != 0);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Booleans(size, nulls.build(size), Arrays.copyOf(values, size));
        }

        @Override
        public long sizeBytes() {
            return size;
        }
    }

    /** TINYINT, SMALLINT, INT, DATE. */
    public static final class OfInts extends ColumnBuilder {
        private int[] values = new int[64];

        public void append(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size, size + 1));
            }
            values[size++] = value;
        }

        @Override
        void appendEmpty() {
            append(0);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getInt(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            append(((ColumnVector.Ints) vector).values()[row]);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Ints(size, nulls.build(size), Arrays.copyOf(values, size));
        }

        @Override
        public long sizeBytes() {
            return size * 4L;
        }
    }

    /** BIGINT, TIME, TIMESTAMP, short decimals. */
    public static final class OfLongs extends ColumnBuilder {
        private long[] values = new long[64];

        public void append(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size, size + 1));
            }
            values[size++] = value;
        }

        @Override
        void appendEmpty() {
            append(0L);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getLong(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            append(((ColumnVector.Longs) vector).values()[row]);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Longs(size, nulls.build(size), Arrays.copyOf(values, size));
        }

        @Override
        public long sizeBytes() {
            return size * 8L;
        }
    }

    /** FLOAT; NaN becomes canonical. */
    public static final class OfFloats extends ColumnBuilder {
        private float[] values = new float[64];

        public void append(float value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size, size + 1));
            }
            values[size++] = value != value ? Float.NaN : value;
        }

        @Override
        void appendEmpty() {
            append(0f);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getFloat(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            append(((ColumnVector.Floats) vector).values()[row]);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Floats(size, nulls.build(size), Arrays.copyOf(values, size));
        }

        @Override
        public long sizeBytes() {
            return size * 4L;
        }
    }

    /** DOUBLE; NaN becomes canonical. */
    public static final class OfDoubles extends ColumnBuilder {
        private double[] values = new double[64];

        public void append(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, grown(size, size + 1));
            }
            values[size++] = value != value ? Double.NaN : value;
        }

        @Override
        void appendEmpty() {
            append(0d);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getDouble(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            append(((ColumnVector.Doubles) vector).values()[row]);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Doubles(size, nulls.build(size), Arrays.copyOf(values, size));
        }

        @Override
        public long sizeBytes() {
            return size * 8L;
        }
    }

    /** Text, binary, wide decimals. */
    public static final class OfBytes extends ColumnBuilder {
        private byte[] data = new byte[256];
        private int[] offsets = new int[65];

        public void append(byte[] bytes, int offset, int length) {
            if (size + 1 == offsets.length) {
                offsets = Arrays.copyOf(offsets, grown(size + 1, size + 2));
            }
            int end = offsets[size];
            if ((long) end + length > MAX_BYTES) {
                throw new IllegalStateException("a column of one batch holds at most 2 GiB");
            }
            if (end + length > data.length) {
                data = Arrays.copyOf(data, grown(data.length, end + length));
            }
            System.arraycopy(bytes, offset, data, end, length);
            offsets[++size] = end + length;
        }

        public void append(byte[] bytes) {
            append(bytes, 0, bytes.length);
        }

        @Override
        void appendEmpty() {
            append(data, 0, 0);
        }

        @Override
        void appendValue(RowView row, int column) {
            append(row.getBytes(column));
        }

        @Override
        void appendNonNull(ColumnVector vector, int row) {
            ColumnVector.Bytes b = (ColumnVector.Bytes) vector;
            int start = b.offsets()[row];
            append(b.data(), start, b.offsets()[row + 1] - start);
        }

        @Override
        public ColumnVector build() {
            return new ColumnVector.Bytes(
                    size, nulls.build(size), Arrays.copyOf(data, offsets[size]), Arrays.copyOf(offsets, size + 1));
        }

        @Override
        public long sizeBytes() {
            return offsets[size] + size * 4L;
        }
    }
}
