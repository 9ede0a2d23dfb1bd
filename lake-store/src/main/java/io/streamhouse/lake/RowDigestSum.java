package io.streamhouse.lake;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyDigest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Count and digest of rows over all their columns, nulls included, whatever their order: the sum of a 128-bit hash a row.
 * Column after column, nothing is allocated per row. One thread. Lives in memory only, so its hash is no format.
 */
public final class RowDigestSum {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH = 0x9e3779b97f4a7c15L;
    private static final long LOW = 0xc2b2ae3d27d4eb4fL;
    private static final long OF_NULL = 0x165667b19e3779f9L;

    private long[] values = new long[0];
    private long[] highs = new long[0];
    private long[] lows = new long[0];
    private long rowCount;
    private long high;
    private long low;

    /**
     * Adds rows.
     *
     * @param columns all columns
     * @param rows positions of the rows in the first {@code count} places, or null for rows 0 to {@code count - 1}
     */
    public void add(List<ColumnVector> columns, int[] rows, int count) {
        if (values.length < count) {
            values = new long[count];
            highs = new long[count];
            lows = new long[count];
        }
        Arrays.fill(highs, 0, count, HIGH);
        Arrays.fill(lows, 0, count, LOW);
        for (int c = 0; c < columns.size(); c++) {
            load(columns.get(c), rows, count);
            mix(columns.get(c).nulls(), rows, count, (c + 1) * LOW);
        }
        for (int i = 0; i < count; i++) {
            long sum = low + lows[i];
            high += highs[i] + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            low = sum;
        }
        rowCount += count;
    }

    /** Rows so far. */
    public long rowCount() {
        return rowCount;
    }

    /** The digest so far; those of parts add up to that of the whole. */
    public KeyDigest digest() {
        return new KeyDigest(high, low);
    }

    private void load(ColumnVector column, int[] rows, int count) {
        switch (column.physical()) {
            case BOOLEAN -> {
                byte[] v = ((ColumnVector.Booleans) column).values();
                for (int i = 0; i < count; i++) {
                    values[i] = v[rows == null ? i : rows[i]];
                }
            }
            case INT -> {
                int[] v = ((ColumnVector.Ints) column).values();
                for (int i = 0; i < count; i++) {
                    values[i] = v[rows == null ? i : rows[i]];
                }
            }
            case LONG -> {
                long[] v = ((ColumnVector.Longs) column).values();
                for (int i = 0; i < count; i++) {
                    values[i] = v[rows == null ? i : rows[i]];
                }
            }
            case FLOAT -> {
                float[] v = ((ColumnVector.Floats) column).values();
                for (int i = 0; i < count; i++) {
                    values[i] = Float.floatToIntBits(v[rows == null ? i : rows[i]]);
                }
            }
            case DOUBLE -> {
                double[] v = ((ColumnVector.Doubles) column).values();
                for (int i = 0; i < count; i++) {
                    values[i] = Double.doubleToLongBits(v[rows == null ? i : rows[i]]);
                }
            }
            case BYTES -> {
                ColumnVector.Bytes v = (ColumnVector.Bytes) column;
                for (int i = 0; i < count; i++) {
                    int row = rows == null ? i : rows[i];
                    values[i] = hash(v.data(), v.offsets()[row], v.offsets()[row + 1]);
                }
            }
        }
    }

    private void mix(long[] nulls, int[] rows, int count, long seed) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long isNull = nulls == null ? 0 : (nulls[row >>> 6] >>> row) & 1;
            // what a null row's slot holds means nothing
            long value = (values[i] & (isNull - 1)) + seed + isNull * OF_NULL;
            highs[i] = mixed((highs[i] ^ mixed(value)) * HIGH);
            lows[i] = mixed((lows[i] + mixed(value ^ OF_NULL)) * LOW);
        }
    }

    private static long hash(byte[] data, int from, int to) {
        long h = (to - from) * HIGH;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            h = Long.rotateLeft((h ^ (long) LONGS.get(data, at)) * LOW, 29) + HIGH;
        }
        long tail = 0;
        for (; at < to; at++) {
            tail = tail << 8 | data[at] & 0xff;
        }
        return mixed(h ^ tail * OF_NULL);
    }

    /** Finaliser of splitmix64. */
    private static long mixed(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
