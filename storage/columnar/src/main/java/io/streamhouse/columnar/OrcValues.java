package io.streamhouse.columnar;

import io.streamhouse.spec.column.WideDecimal;
import io.streamhouse.spec.type.DataType;
import java.util.Arrays;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.Decimal64ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;

/** Copies ORC's vectors, which the next batch overwrites, into ours. */
final class OrcValues {
    private static final int MILLIS = 1000;

    private OrcValues() {}

    /**
     * The first {@code rows} rows of a vector.
     *
     * @throws RuntimeException if a value does not fit the type
     */
    static io.streamhouse.spec.column.ColumnVector copy(DataType type, ColumnVector vector, int rows) {
        vector.flatten(false, null, rows);
        long[] nulls = nulls(vector, rows);
        return switch (type.physical()) {
            case BOOLEAN -> {
                long[] source = ((LongColumnVector) vector).vector;
                byte[] values = new byte[rows];
                for (int i = 0; i < rows; i++) {
                    values[i] = (byte) (source[i] & 1);
                }
                yield new io.streamhouse.spec.column.ColumnVector.Booleans(rows, nulls, values);
            }
            case INT -> {
                long[] source = ((LongColumnVector) vector).vector;
                int[] values = new int[rows];
                for (int i = 0; i < rows; i++) {
                    values[i] = (int) source[i];
                }
                yield new io.streamhouse.spec.column.ColumnVector.Ints(rows, nulls, values);
            }
            case LONG -> new io.streamhouse.spec.column.ColumnVector.Longs(rows, nulls, longs(type, vector, rows));
            case FLOAT -> {
                double[] source = ((DoubleColumnVector) vector).vector;
                float[] values = new float[rows];
                for (int i = 0; i < rows; i++) {
                    values[i] = (float) source[i];
                }
                yield new io.streamhouse.spec.column.ColumnVector.Floats(rows, nulls, values);
            }
            case DOUBLE ->
                new io.streamhouse.spec.column.ColumnVector.Doubles(
                        rows, nulls, Arrays.copyOf(((DoubleColumnVector) vector).vector, rows));
            case BYTES ->
                type.isWideDecimal()
                        ? decimals(type, (DecimalColumnVector) vector, rows, nulls)
                        : bytes((BytesColumnVector) vector, rows, nulls);
        };
    }

    private static long[] nulls(ColumnVector vector, int rows) {
        if (vector.noNulls) {
            return null;
        }
        long[] nulls = new long[(rows + 63) >>> 6];
        long any = 0;
        for (int i = 0; i < rows; i++) {
            long bit = vector.isNull[i] ? 1L : 0L;
            nulls[i >>> 6] |= bit << i;
            any |= bit;
        }
        return any == 0 ? null : nulls;
    }

    private static boolean isNull(ColumnVector vector, int row) {
        return !vector.noNulls && vector.isNull[row];
    }

    private static long[] longs(DataType type, ColumnVector vector, int rows) {
        if (vector instanceof TimestampColumnVector timestamps) {
            return timestamps(timestamps, rows, type.isNanos() ? 1_000_000_000L : 1_000_000L);
        }
        if (vector instanceof Decimal64ColumnVector decimals && decimals.scale != type.scale()) {
            throw new IllegalStateException("decimals of scale %d, expected %s".formatted(decimals.scale, type));
        }
        return Arrays.copyOf(((LongColumnVector) vector).vector, rows);
    }

    private static long[] timestamps(TimestampColumnVector vector, int rows, long perSecond) {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
            if (!isNull(vector, i)) {
                long second = Math.floorDiv(vector.time[i], MILLIS);
                long fraction = vector.nanos[i] / (1_000_000_000L / perSecond);
                // the earliest value begins before its second does, so what overflows comes back
                values[i] = second * perSecond + fraction;
            }
        }
        return values;
    }

    private static io.streamhouse.spec.column.ColumnVector bytes(BytesColumnVector vector, int rows, long[] nulls) {
        int[] offsets = new int[rows + 1];
        long total = 0;
        for (int i = 0; i < rows; i++) {
            total += isNull(vector, i) ? 0 : vector.length[i];
            if (total > Integer.MAX_VALUE - 64) {
                throw new IllegalStateException("rows of more than %d bytes".formatted(total));
            }
            offsets[i + 1] = (int) total;
        }
        byte[] data = new byte[(int) total];
        for (int i = 0; i < rows; i++) {
            if (!isNull(vector, i)) {
                System.arraycopy(vector.vector[i], vector.start[i], data, offsets[i], vector.length[i]);
            }
        }
        return new io.streamhouse.spec.column.ColumnVector.Bytes(rows, nulls, data, offsets);
    }

    private static io.streamhouse.spec.column.ColumnVector decimals(
            DataType type, DecimalColumnVector vector, int rows, long[] nulls) {
        int[] offsets = new int[rows + 1];
        byte[] data = new byte[Math.multiplyExact(rows, WideDecimal.LENGTH)];
        int at = 0;
        for (int i = 0; i < rows; i++) {
            if (!isNull(vector, i)) {
                byte[] unscaled = vector.vector[i].getHiveDecimal().bigIntegerBytesScaled(type.scale());
                int pad = WideDecimal.LENGTH - unscaled.length;
                Arrays.fill(data, at, at + pad, (byte) (unscaled[0] >> 7));
                System.arraycopy(unscaled, 0, data, at + pad, unscaled.length);
                at += WideDecimal.LENGTH;
            }
            offsets[i + 1] = at;
        }
        return new io.streamhouse.spec.column.ColumnVector.Bytes(rows, nulls, Arrays.copyOf(data, at), offsets);
    }
}
