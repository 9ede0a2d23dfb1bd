package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Iceberg's single-value encoding of column bounds, as statistics of files keep them: little-endian numbers, UTF-8 and
 * binary as they are, decimals as minimal big-endian two's complement, booleans one byte. Pure functions.
 */
public final class SingleValue {
    private SingleValue() {}

    /** The value of one non-null row. */
    public static byte[] of(DataType type, ColumnVector column, int row) {
        return switch (column.physical()) {
            case BOOLEAN -> new byte[] {((ColumnVector.Booleans) column).values()[row]};
            case INT ->
                littleEndian(4)
                        .putInt(((ColumnVector.Ints) column).values()[row])
                        .array();
            case LONG -> ofLong(type, ((ColumnVector.Longs) column).values()[row]);
            case FLOAT ->
                littleEndian(4)
                        .putFloat(((ColumnVector.Floats) column).values()[row])
                        .array();
            case DOUBLE ->
                littleEndian(8)
                        .putDouble(((ColumnVector.Doubles) column).values()[row])
                        .array();
            case BYTES -> {
                ColumnVector.Bytes b = (ColumnVector.Bytes) column;
                byte[] value = Arrays.copyOfRange(b.data(), b.offsets()[row], b.offsets()[row + 1]);
                yield type.isWideDecimal() ? new BigInteger(value).toByteArray() : value;
            }
        };
    }

    /** The encoding of a value that stands in memory as a long. */
    public static byte[] ofLong(DataType type, long value) {
        return type.root() == io.streamhouse.spec.type.TypeRoot.DECIMAL
                ? BigInteger.valueOf(value).toByteArray()
                : littleEndian(8).putLong(value).array();
    }

    /** The long of an encoded BOOLEAN, INT or LONG value. */
    public static long toLong(DataType type, byte[] encoded) {
        return switch (type.physical()) {
            case BOOLEAN -> encoded[0];
            case INT -> ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getInt();
            case LONG ->
                type.root() == io.streamhouse.spec.type.TypeRoot.DECIMAL
                        ? new BigInteger(encoded).longValueExact()
                        : ByteBuffer.wrap(encoded)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong();
            case FLOAT, DOUBLE, BYTES -> throw new IllegalArgumentException(type + " is no long");
        };
    }

    /** The double of an encoded FLOAT or DOUBLE value. */
    public static double toDouble(DataType type, byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type.physical()) {
            case FLOAT -> in.getFloat();
            case DOUBLE -> in.getDouble();
            case BOOLEAN, INT, LONG, BYTES -> throw new IllegalArgumentException(type + " is no double");
        };
    }

    /** The 16 bytes in memory of an encoded wide decimal. */
    public static byte[] toWideDecimal(byte[] encoded) {
        byte[] out = new byte[16];
        Arrays.fill(out, 0, 16 - encoded.length, (byte) (encoded[0] < 0 ? -1 : 0));
        System.arraycopy(encoded, 0, out, 16 - encoded.length, encoded.length);
        return out;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
