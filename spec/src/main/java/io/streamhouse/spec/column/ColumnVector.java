package io.streamhouse.spec.column;

import io.streamhouse.spec.type.PhysicalType;

/**
 * Values of one column. Immutable once built; arrays are shared, not copied, so nobody may write to them. Thread-safe
 * for reading.
 *
 * <p>A null row's value slot holds 0 or an empty range and means nothing.
 */
public abstract sealed class ColumnVector {
    /** Number of rows. */
    private final int size;

    /** Bit per row, 1 = null, {@code (size + 63) / 64} words; null if no row is null. */
    private final long[] nulls;

    ColumnVector(int size, long[] nulls, int capacity) {
        if (size < 0 || size > capacity || nulls != null && nulls.length < (size + 63) >>> 6) {
            throw new IllegalArgumentException("a vector of %d rows with %d values and %s words of null bits"
                    .formatted(size, capacity, nulls == null ? "no" : nulls.length));
        }
        this.size = size;
        this.nulls = nulls;
    }

    public final int size() {
        return size;
    }

    /** Bit per row, 1 = null; null if no row is null. */
    public final long[] nulls() {
        return nulls;
    }

    public final boolean hasNulls() {
        return nulls != null;
    }

    public final boolean isNull(int row) {
        return nulls != null && (nulls[row >>> 6] & (1L << row)) != 0;
    }

    /** How the values stand. */
    public abstract PhysicalType physical();

    /** A new vector of the rows at {@code positions[from .. to)}, in that order; repeats are allowed. */
    public abstract ColumnVector gather(int[] positions, int from, int to);

    /** Whether two rows hold the same value, bit for bit (NaN equals NaN, -0.0 differs from 0.0), or are both null. */
    public final boolean sameValue(int row, ColumnVector other, int otherRow) {
        boolean n = isNull(row);
        if (n != other.isNull(otherRow)) {
            return false;
        }
        return n || sameNonNull(row, other, otherRow);
    }

    abstract boolean sameNonNull(int row, ColumnVector other, int otherRow);

    /** Approximate heap bytes of the vector's own data. */
    public abstract long sizeBytes();

    final long[] gatherNulls(int[] positions, int from, int to) {
        if (nulls == null) {
            return null;
        }
        long[] out = new long[(to - from + 63) >>> 6];
        long any = 0;
        for (int i = from; i < to; i++) {
            int p = positions[i];
            long bit = (nulls[p >>> 6] >>> p) & 1L;
            out[(i - from) >>> 6] |= bit << (i - from);
            any |= bit;
        }
        return any == 0 ? null : out;
    }

    final long nullBytes() {
        return nulls == null ? 0 : nulls.length * 8L;
    }

    /** BOOLEAN: {@code values[i]} is 0 or 1. */
    public static final class Booleans extends ColumnVector {
        private final byte[] values;

        public Booleans(int size, long[] nulls, byte[] values) {
            super(size, nulls, values.length);
            this.values = values;
        }

        public byte[] values() {
            return values;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.BOOLEAN;
        }

        @Override
        public Booleans gather(int[] positions, int from, int to) {
            byte[] out = new byte[to - from];
            for (int i = from; i < to; i++) {
                out[i - from] = values[positions[i]];
            }
            return new Booleans(to - from, gatherNulls(positions, from, to), out);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            return values[row] == ((Booleans) other).values[otherRow];
        }

        @Override
        public long sizeBytes() {
            return size() + nullBytes();
        }
    }

    /** TINYINT, SMALLINT, INT, DATE. */
    public static final class Ints extends ColumnVector {
        private final int[] values;

        public Ints(int size, long[] nulls, int[] values) {
            super(size, nulls, values.length);
            this.values = values;
        }

        public int[] values() {
            return values;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.INT;
        }

        @Override
        public Ints gather(int[] positions, int from, int to) {
            int[] out = new int[to - from];
            for (int i = from; i < to; i++) {
                out[i - from] = values[positions[i]];
            }
            return new Ints(to - from, gatherNulls(positions, from, to), out);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            return values[row] == ((Ints) other).values[otherRow];
        }

        @Override
        public long sizeBytes() {
            return size() * 4L + nullBytes();
        }
    }

    /** BIGINT, TIME, TIMESTAMP, TIMESTAMP_LTZ, DECIMAL of at most 18 digits. */
    public static final class Longs extends ColumnVector {
        private final long[] values;

        public Longs(int size, long[] nulls, long[] values) {
            super(size, nulls, values.length);
            this.values = values;
        }

        public long[] values() {
            return values;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.LONG;
        }

        @Override
        public Longs gather(int[] positions, int from, int to) {
            long[] out = new long[to - from];
            for (int i = from; i < to; i++) {
                out[i - from] = values[positions[i]];
            }
            return new Longs(to - from, gatherNulls(positions, from, to), out);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            return values[row] == ((Longs) other).values[otherRow];
        }

        @Override
        public long sizeBytes() {
            return size() * 8L + nullBytes();
        }
    }

    /** FLOAT; NaN is canonical. */
    public static final class Floats extends ColumnVector {
        private final float[] values;

        public Floats(int size, long[] nulls, float[] values) {
            super(size, nulls, values.length);
            this.values = values;
        }

        public float[] values() {
            return values;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.FLOAT;
        }

        @Override
        public Floats gather(int[] positions, int from, int to) {
            float[] out = new float[to - from];
            for (int i = from; i < to; i++) {
                out[i - from] = values[positions[i]];
            }
            return new Floats(to - from, gatherNulls(positions, from, to), out);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            return Float.floatToIntBits(values[row]) == Float.floatToIntBits(((Floats) other).values[otherRow]);
        }

        @Override
        public long sizeBytes() {
            return size() * 4L + nullBytes();
        }
    }

    /** DOUBLE; NaN is canonical. */
    public static final class Doubles extends ColumnVector {
        private final double[] values;

        public Doubles(int size, long[] nulls, double[] values) {
            super(size, nulls, values.length);
            this.values = values;
        }

        public double[] values() {
            return values;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.DOUBLE;
        }

        @Override
        public Doubles gather(int[] positions, int from, int to) {
            double[] out = new double[to - from];
            for (int i = from; i < to; i++) {
                out[i - from] = values[positions[i]];
            }
            return new Doubles(to - from, gatherNulls(positions, from, to), out);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            return Double.doubleToLongBits(values[row]) == Double.doubleToLongBits(((Doubles) other).values[otherRow]);
        }

        @Override
        public long sizeBytes() {
            return size() * 8L + nullBytes();
        }
    }

    /**
     * CHAR, VARCHAR (UTF-8), BINARY, VARBINARY, DECIMAL of more than 18 digits (16 bytes each): row i is
     * {@code data[offsets[i] .. offsets[i + 1])}; {@code offsets} has {@code size + 1} ascending entries and need not
     * begin at 0.
     */
    public static final class Bytes extends ColumnVector {
        private final byte[] data;
        private final int[] offsets;

        public Bytes(int size, long[] nulls, byte[] data, int[] offsets) {
            super(size, nulls, offsets.length - 1);
            this.data = data;
            this.offsets = offsets;
        }

        public byte[] data() {
            return data;
        }

        public int[] offsets() {
            return offsets;
        }

        @Override
        public PhysicalType physical() {
            return PhysicalType.BYTES;
        }

        @Override
        public Bytes gather(int[] positions, int from, int to) {
            int[] outOffsets = new int[to - from + 1];
            long total = 0;
            for (int i = from; i < to; i++) {
                int p = positions[i];
                total += offsets[p + 1] - offsets[p];
                outOffsets[i - from + 1] = (int) total;
            }
            if (total > Integer.MAX_VALUE - 64) {
                throw new IllegalArgumentException("gathered values have " + total + " bytes, a vector holds 2 GiB");
            }
            byte[] out = new byte[(int) total];
            for (int i = from; i < to; i++) {
                int p = positions[i];
                System.arraycopy(data, offsets[p], out, outOffsets[i - from], offsets[p + 1] - offsets[p]);
            }
            return new Bytes(to - from, gatherNulls(positions, from, to), out, outOffsets);
        }

        @Override
        boolean sameNonNull(int row, ColumnVector other, int otherRow) {
            Bytes o = (Bytes) other;
            return java.util.Arrays.equals(
                    data, offsets[row], offsets[row + 1], o.data, o.offsets[otherRow], o.offsets[otherRow + 1]);
        }

        @Override
        public long sizeBytes() {
            return (size() == 0 ? 0 : offsets[size()] - offsets[0]) + offsets.length * 4L + nullBytes();
        }
    }
}
