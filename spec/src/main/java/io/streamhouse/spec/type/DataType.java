package io.streamhouse.spec.type;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scalar SQL type.
 *
 * <p>In memory: DATE is days since 1970-01-01 ({@code int}); TIME is microseconds of the day; TIMESTAMP(0-6) and _LTZ
 * are microseconds, TIMESTAMP(7-9) nanoseconds since the epoch ({@code long}); DECIMAL of at most 18 digits is the
 * unscaled {@code long}, a larger one 16 bytes of big-endian two's complement; CHAR and VARCHAR are UTF-8 bytes, neither
 * padded nor trimmed.
 *
 * @param root the family
 * @param length characters or bytes of CHAR, VARCHAR, BINARY, VARBINARY; digits of DECIMAL; fractional digits of TIME
 *     and TIMESTAMP; 0 otherwise
 * @param scale digits after the point of DECIMAL; 0 otherwise
 */
public record DataType(TypeRoot root, int length, int scale) {
    /** Length of STRING and BYTES. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final int MAX_DECIMAL_DIGITS = 38;
    private static final int MAX_LONG_DIGITS = 18;
    private static final Pattern TEXT = Pattern.compile("([A-Z_ ]+?)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?");

    public DataType {
        switch (root) {
            case DECIMAL -> {
                check(length >= 1 && length <= MAX_DECIMAL_DIGITS, root, "precision", length, 1, MAX_DECIMAL_DIGITS);
                check(scale >= 0 && scale <= length, root, "scale", scale, 0, length);
            }
            case CHAR, VARCHAR, BINARY, VARBINARY -> check(length >= 1, root, "length", length, 1, UNBOUNDED);
            case TIME -> check(length >= 0 && length <= 6, root, "precision", length, 0, 6);
            case TIMESTAMP, TIMESTAMP_LTZ -> check(length >= 0 && length <= 9, root, "precision", length, 0, 9);
            default -> check(length == 0 && scale == 0, root, "length", length, 0, 0);
        }
    }

    private static void check(boolean ok, TypeRoot root, String what, int value, int min, int max) {
        if (!ok) {
            throw new StreamhouseException(
                    ErrorCode.UNSUPPORTED_TYPE,
                    "%s of %s is %d, allowed are %d to %d".formatted(what, root, value, min, max));
        }
    }

    public static DataType of(TypeRoot root) {
        return new DataType(root, 0, 0);
    }

    public static DataType bool() {
        return of(TypeRoot.BOOLEAN);
    }

    public static DataType integer() {
        return of(TypeRoot.INT);
    }

    public static DataType bigint() {
        return of(TypeRoot.BIGINT);
    }

    public static DataType string() {
        return new DataType(TypeRoot.VARCHAR, UNBOUNDED, 0);
    }

    public static DataType bytes() {
        return new DataType(TypeRoot.VARBINARY, UNBOUNDED, 0);
    }

    public static DataType decimal(int precision, int scale) {
        return new DataType(TypeRoot.DECIMAL, precision, scale);
    }

    public static DataType date() {
        return of(TypeRoot.DATE);
    }

    public static DataType timestamp(int precision) {
        return new DataType(TypeRoot.TIMESTAMP, precision, 0);
    }

    /** How values of this type stand in memory. */
    public PhysicalType physical() {
        return switch (root) {
            case BOOLEAN -> PhysicalType.BOOLEAN;
            case TINYINT, SMALLINT, INT, DATE -> PhysicalType.INT;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_LTZ -> PhysicalType.LONG;
            case FLOAT -> PhysicalType.FLOAT;
            case DOUBLE -> PhysicalType.DOUBLE;
            case DECIMAL -> length <= MAX_LONG_DIGITS ? PhysicalType.LONG : PhysicalType.BYTES;
            case CHAR, VARCHAR, BINARY, VARBINARY -> PhysicalType.BYTES;
        };
    }

    /** True for TIMESTAMP types of 7 to 9 digits, which count nanoseconds instead of microseconds. */
    public boolean isNanos() {
        return (root == TypeRoot.TIMESTAMP || root == TypeRoot.TIMESTAMP_LTZ) && length > 6;
    }

    /** True for DECIMAL types that stand in memory as 16 bytes. */
    public boolean isWideDecimal() {
        return root == TypeRoot.DECIMAL && length > MAX_LONG_DIGITS;
    }

    /** Whether the type may stand in keys, bucket keys and partitions: all but FLOAT and DOUBLE (NaN, -0.0). */
    public boolean isKeyType() {
        return root != TypeRoot.FLOAT && root != TypeRoot.DOUBLE;
    }

    /** Parses what {@link #toString} prints; aliases STRING, BYTES, INTEGER are known. */
    public static DataType parse(String text) {
        Matcher m = TEXT.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!m.matches()) {
            throw unsupported(text);
        }
        int length;
        int scale;
        try {
            length = m.group(2) == null ? -1 : Integer.parseInt(m.group(2));
            scale = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
        } catch (NumberFormatException e) {
            throw unsupported(text);
        }
        if (m.group(3) != null && !m.group(1).equals("DECIMAL")) {
            throw unsupported(text);
        }
        return switch (m.group(1)) {
            case "STRING", "BYTES", "INTEGER" -> {
                if (m.group(2) != null) {
                    throw unsupported(text);
                }
                yield switch (m.group(1)) {
                    case "STRING" -> string();
                    case "BYTES" -> bytes();
                    default -> integer();
                };
            }
            case "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DATE" ->
                new DataType(TypeRoot.valueOf(m.group(1)), Math.max(length, 0), scale);
            case "DECIMAL" -> decimal(length < 0 ? 10 : length, scale);
            case "CHAR", "VARCHAR", "BINARY", "VARBINARY" ->
                new DataType(TypeRoot.valueOf(m.group(1)), length < 0 ? 1 : length, 0);
            case "TIME" -> new DataType(TypeRoot.TIME, Math.max(length, 0), 0);
            case "TIMESTAMP", "TIMESTAMP_LTZ" -> new DataType(TypeRoot.valueOf(m.group(1)), length < 0 ? 6 : length, 0);
            default -> throw unsupported(text);
        };
    }

    private static StreamhouseException unsupported(String text) {
        return new StreamhouseException(
                ErrorCode.UNSUPPORTED_TYPE, "type '%s' is not supported".formatted(TableName.shown(text)));
    }

    @Override
    public String toString() {
        return switch (root) {
            case DECIMAL -> "DECIMAL(%d, %d)".formatted(length, scale);
            case VARCHAR -> length == UNBOUNDED ? "STRING" : "VARCHAR(" + length + ")";
            case VARBINARY -> length == UNBOUNDED ? "BYTES" : "VARBINARY(" + length + ")";
            case CHAR, BINARY, TIME, TIMESTAMP, TIMESTAMP_LTZ -> root + "(" + length + ")";
            default -> root.toString();
        };
    }
}
