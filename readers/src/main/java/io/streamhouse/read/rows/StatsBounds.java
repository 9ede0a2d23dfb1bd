package io.streamhouse.read.rows;

import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bounds of statistics as a vector of two rows. They are in Iceberg's single-value encoding: little-endian numbers,
 * decimals as shortest big-endian two's complement.
 */
final class StatsBounds {
    private StatsBounds() {}

    static ColumnVector vector(Field field, ColumnStats.Bounds bounds) {
        ColumnBuilder out = ColumnBuilder.of(field.type().physical());
        append(field, bounds.min(), out);
        append(field, bounds.max(), out);
        return out.build();
    }

    private static void append(Field field, byte[] value, ColumnBuilder out) {
        ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        switch (field.type().physical()) {
            case BOOLEAN -> ((ColumnBuilder.OfBooleans) out).append(in.get() != 0);
            case INT -> ((ColumnBuilder.OfInts) out).append(in.getInt());
            case LONG -> {
                long number = field.type().root() == TypeRoot.DECIMAL
                        ? new BigInteger(value).longValue()
                        // a column widened since is still bounded by four bytes
                        : value.length == Integer.BYTES ? in.getInt() : in.getLong();
                ((ColumnBuilder.OfLongs) out).append(number);
            }
            case FLOAT -> ((ColumnBuilder.OfFloats) out).append(in.getFloat());
            case DOUBLE -> ((ColumnBuilder.OfDoubles) out).append(in.getDouble());
            case BYTES -> ((ColumnBuilder.OfBytes) out).append(field.type().isWideDecimal() ? wide(value) : value);
        }
    }

    private static byte[] wide(byte[] shortest) {
        byte[] out = new byte[16];
        Arrays.fill(out, (byte) (shortest[0] < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, out, 16 - shortest.length, shortest.length);
        return out;
    }
}
