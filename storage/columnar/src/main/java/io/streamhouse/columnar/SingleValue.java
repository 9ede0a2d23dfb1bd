package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.spec.type.TypeRoot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One value as bytes, in Iceberg's single-value serialization; used for bounds in statistics.
 *
 * <p>BOOLEAN: one byte; TINYINT, SMALLINT, INT, DATE: 4 bytes, BIGINT, TIME, TIMESTAMP: 8 bytes little-endian; FLOAT,
 * DOUBLE: IEEE 754 little-endian; DECIMAL: unscaled value, big-endian two's complement, fewest bytes; text: UTF-8;
 * binary: as is.
 */
public final class SingleValue {
    /** Longest lower or upper bound of text (code points) and binary (bytes). */
    public static final int BOUND_LENGTH = 16;

    private static final int WIDE_DECIMAL_BYTES = 16;
    private static final int MAX_CODE_POINT = 0x10FFFF;

    private SingleValue() {}

    /** The encoded value of a row that is not null. */
    public static byte[] of(DataType type, ColumnVector vector, int row) {
        return switch (type.physical()) {
            case BOOLEAN -> ofLong(type, ((ColumnVector.Booleans) vector).values()[row]);
            case INT -> ofLong(type, ((ColumnVector.Ints) vector).values()[row]);
            case LONG -> ofLong(type, ((ColumnVector.Longs) vector).values()[row]);
            case FLOAT -> ofDouble(type, ((ColumnVector.Floats) vector).values()[row]);
            case DOUBLE -> ofDouble(type, ((ColumnVector.Doubles) vector).values()[row]);
            case BYTES -> {
                ColumnVector.Bytes b = (ColumnVector.Bytes) vector;
                yield ofBytes(type, Arrays.copyOfRange(b.data(), b.offsets()[row], b.offsets()[row + 1]));
            }
        };
    }

    /** Encodes a value of a type that stands in memory as BOOLEAN (0, 1), INT or LONG. */
    public static byte[] ofLong(DataType type, long value) {
        return switch (type.physical()) {
            case BOOLEAN -> new byte[] {(byte) value};
            case INT -> littleEndian(value, 4);
            case LONG -> type.root() == TypeRoot.DECIMAL ? fewestBytes(bigEndian(value)) : littleEndian(value, 8);
            default -> throw new IllegalArgumentException(type + " is not an integer in memory");
        };
    }

    /** Encodes a FLOAT or DOUBLE. */
    public static byte[] ofDouble(DataType type, double value) {
        return switch (type.physical()) {
            case FLOAT -> littleEndian(Float.floatToIntBits((float) value), 4);
            case DOUBLE -> littleEndian(Double.doubleToLongBits(value), 8);
            default -> throw new IllegalArgumentException(type + " is not a floating-point number");
        };
    }

    /** Encodes text, binary or a wide decimal of 16 bytes; the array may be shared with the result. */
    public static byte[] ofBytes(DataType type, byte[] value) {
        requireBytes(type);
        return type.isWideDecimal() ? fewestBytes(value) : value;
    }

    /** Decodes a value of a type that stands in memory as BOOLEAN, INT or LONG. */
    public static long toLong(DataType type, byte[] bytes) {
        return switch (type.physical()) {
            case BOOLEAN -> fromLittleEndian(bytes, 1);
            case INT -> (int) fromLittleEndian(bytes, 4);
            case LONG -> type.root() == TypeRoot.DECIMAL ? fromBigEndian(bytes) : fromLittleEndian(bytes, 8);
            default -> throw new IllegalArgumentException(type + " is not an integer in memory");
        };
    }

    /** Decodes a FLOAT or DOUBLE. */
    public static double toDouble(DataType type, byte[] bytes) {
        return switch (type.physical()) {
            case FLOAT -> Float.intBitsToFloat((int) fromLittleEndian(bytes, 4));
            case DOUBLE -> Double.longBitsToDouble(fromLittleEndian(bytes, 8));
            default -> throw new IllegalArgumentException(type + " is not a floating-point number");
        };
    }

    /** Decodes text, binary or a wide decimal as it stands in memory (16 bytes); the array may be shared. */
    public static byte[] toBytes(DataType type, byte[] bytes) {
        requireBytes(type);
        return type.isWideDecimal() ? toWideDecimal(bytes) : bytes;
    }

    /** The 16 bytes in memory of an encoded wide decimal. */
    public static byte[] toWideDecimal(byte[] bytes) {
        requireLength(bytes, 1, WIDE_DECIMAL_BYTES);
        byte[] wide = new byte[WIDE_DECIMAL_BYTES];
        Arrays.fill(wide, 0, WIDE_DECIMAL_BYTES - bytes.length, (byte) (bytes[0] >> 7));
        System.arraycopy(bytes, 0, wide, WIDE_DECIMAL_BYTES - bytes.length, bytes.length);
        return wide;
    }

    /** Order of two encoded values: numbers by value, text and binary by unsigned bytes. */
    public static int compare(DataType type, byte[] a, byte[] b) {
        return switch (type.physical()) {
            case BOOLEAN, INT, LONG -> Long.compare(toLong(type, a), toLong(type, b));
            case FLOAT, DOUBLE -> Double.compare(toDouble(type, a), toDouble(type, b));
            case BYTES ->
                type.isWideDecimal()
                        ? compareWideDecimals(toBytes(type, a), 0, toBytes(type, b), 0)
                        : Arrays.compareUnsigned(a, b);
        };
    }

    /** Order of two wide decimals of 16 bytes. */
    public static int compareWideDecimals(byte[] a, int aFrom, byte[] b, int bFrom) {
        int sign = Byte.compare(a[aFrom], b[bFrom]);
        return sign != 0
                ? sign
                : Arrays.compareUnsigned(
                        a, aFrom + 1, aFrom + WIDE_DECIMAL_BYTES, b, bFrom + 1, bFrom + WIDE_DECIMAL_BYTES);
    }

    /** A lower bound: the encoded value, text and binary cut to {@link #BOUND_LENGTH}. */
    public static byte[] lowerBound(DataType type, byte[] encoded) {
        return Arrays.copyOf(encoded, boundLength(type, encoded));
    }

    /**
     * An upper bound: the encoded value; longer text and binary are cut and the last character or byte raised. Empty if
     * no such bound exists.
     */
    public static Optional<byte[]> upperBound(DataType type, byte[] encoded) {
        int length = boundLength(type, encoded);
        if (length == encoded.length) {
            return Optional.of(encoded);
        }
        byte[] cut = Arrays.copyOf(encoded, length);
        return isText(type) ? raiseText(cut) : raiseBinary(cut);
    }

    private static int boundLength(DataType type, byte[] encoded) {
        if (type.physical() != PhysicalType.BYTES || type.isWideDecimal()) {
            return encoded.length;
        }
        if (!isText(type)) {
            return Math.min(encoded.length, BOUND_LENGTH);
        }
        int points = 0;
        for (int i = 0; i < encoded.length; i++) {
            if ((encoded[i] & 0xC0) != 0x80 && ++points > BOUND_LENGTH) {
                return i;
            }
        }
        return encoded.length;
    }

    private static Optional<byte[]> raiseBinary(byte[] cut) {
        int last = cut.length - 1;
        while (last >= 0 && cut[last] == (byte) 0xFF) {
            last--;
        }
        if (last < 0) {
            return Optional.empty();
        }
        byte[] raised = Arrays.copyOf(cut, last + 1);
        raised[last]++;
        return Optional.of(raised);
    }

    private static Optional<byte[]> raiseText(byte[] cut) {
        String text = new String(cut, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), cut)) {
            return Optional.empty();
        }
        int end = text.length();
        while (end > 0) {
            int point = text.codePointBefore(end);
            end -= Character.charCount(point);
            if (point < MAX_CODE_POINT) {
                // surrogates are no characters of UTF-8
                int next = point + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : point + 1;
                String raised = text.substring(0, end) + Character.toString(next);
                return Optional.of(raised.getBytes(StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private static boolean isText(DataType type) {
        return type.root() == TypeRoot.CHAR || type.root() == TypeRoot.VARCHAR;
    }

    private static void requireBytes(DataType type) {
        if (type.physical() != PhysicalType.BYTES) {
            throw new IllegalArgumentException(type + " is not a byte string in memory");
        }
    }

    private static void requireLength(byte[] bytes, int min, int max) {
        if (bytes.length < min || bytes.length > max) {
            throw new IllegalArgumentException(
                    "encoded value of %d bytes, expected %d to %d".formatted(bytes.length, min, max));
        }
    }

    private static byte[] littleEndian(long value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    private static long fromLittleEndian(byte[] bytes, int length) {
        requireLength(bytes, length, length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[i] & 0xFFL) << (8 * i);
        }
        return value;
    }

    private static byte[] bigEndian(long value) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[7 - i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    private static long fromBigEndian(byte[] bytes) {
        requireLength(bytes, 1, 8);
        long value = bytes[0];
        for (int i = 1; i < bytes.length; i++) {
            value = (value << 8) | (bytes[i] & 0xFF);
        }
        return value;
    }

    private static byte[] fewestBytes(byte[] bigEndian) {
        int from = 0;
        while (from < bigEndian.length - 1 && bigEndian[from] == (byte) (bigEndian[from + 1] >> 7)) {
            from++;
        }
        return from == 0 ? bigEndian : Arrays.copyOfRange(bigEndian, from, bigEndian.length);
    }
}
