package io.streamhouse.spec.column;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of plain Java objects as {@link RowView}s of given columns, checked: nothing is rounded, cut or wrapped. Integers
 * may come in any integer class if the value fits. One thread; a view is good until the next one.
 *
 * <p>Errors: {@code SCHEMA_MISMATCH} naming column, type and what came; {@code NULL_KEY} for NULL in a key column.
 */
public final class RowViews {
    /** Largest value of text and binary columns. */
    public static final int MAX_VALUE_BYTES = 64 << 20;

    private final List<Field> fields;
    private final boolean[] keys;
    private final boolean[] nulls;

    /** Integers, dates, times, short decimals, booleans as 0 or 1, bits of floating point numbers. */
    private final long[] longs;

    private final byte[][] bytes;
    private final RowView view = new View();

    private RowViews(List<Field> fields, List<String> keyColumns) {
        this.fields = List.copyOf(fields);
        int n = fields.size();
        this.keys = new boolean[n];
        for (int c = 0; c < n; c++) {
            keys[c] = keyColumns.contains(fields.get(c).name());
        }
        this.nulls = new boolean[n];
        this.longs = new long[n];
        this.bytes = new byte[n][];
    }

    /** Views of rows with these columns; {@code keyColumns} are the names of those that make the primary key. */
    public static RowViews of(List<Field> fields, List<String> keyColumns) {
        return new RowViews(fields, keyColumns);
    }

    /** Checks a row and shows it; the view is the same object each time. */
    public RowView view(Row row) {
        if (row.size() != fields.size()) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "a row of %d values for %d columns %s"
                            .formatted(
                                    row.size(),
                                    fields.size(),
                                    fields.stream().map(Field::name).toList()));
        }
        Arrays.fill(bytes, null);
        for (int c = 0; c < fields.size(); c++) {
            Object value = row.value(c);
            nulls[c] = value == null;
            if (value == null) {
                checkNull(c);
            } else {
                put(c, fields.get(c), value);
            }
        }
        return view;
    }

    private void checkNull(int column) {
        Field f = fields.get(column);
        if (keys[column]) {
            throw new StreamhouseException(ErrorCode.NULL_KEY, "key column '%s' is NULL".formatted(f.name()));
        }
        if (!f.nullable()) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH, "column '%s' %s NOT NULL is NULL".formatted(f.name(), f.type()));
        }
    }

    private void put(int c, Field f, Object value) {
        switch (f.type().root()) {
            case BOOLEAN -> longs[c] = expect(f, value, Boolean.class) ? 1 : 0;
            case TINYINT -> longs[c] = integer(f, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SMALLINT -> longs[c] = integer(f, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT -> longs[c] = integer(f, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> longs[c] = integer(f, value, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> longs[c] = Float.floatToIntBits(expect(f, value, Float.class));
            case DOUBLE ->
                longs[c] = Double.doubleToLongBits(
                        value instanceof Float single ? (double) single : expect(f, value, Double.class));
            case DECIMAL -> decimal(c, f, expect(f, value, BigDecimal.class));
            case CHAR, VARCHAR -> bytes[c] = text(f, expect(f, value, String.class));
            case BINARY, VARBINARY -> bytes[c] = binary(f, expect(f, value, byte[].class));
            case DATE -> longs[c] = date(f, expect(f, value, LocalDate.class));
            case TIME -> longs[c] = time(f, expect(f, value, LocalTime.class));
            case TIMESTAMP -> {
                LocalDateTime time = expect(f, value, LocalDateTime.class);
                longs[c] = instant(f, time, time.toEpochSecond(ZoneOffset.UTC), time.getNano());
            }
            case TIMESTAMP_LTZ -> {
                Instant time = expect(f, value, Instant.class);
                longs[c] = instant(f, time, time.getEpochSecond(), time.getNano());
            }
        }
    }

    private static <T> T expect(Field f, Object value, Class<T> type) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw new StreamhouseException(
                ErrorCode.SCHEMA_MISMATCH,
                "column '%s' is %s and takes %s, given is %s"
                        .formatted(
                                f.name(),
                                f.type(),
                                type.getSimpleName(),
                                value.getClass().getName()));
    }

    private static StreamhouseException unfit(Field f, Object value, String why) {
        return new StreamhouseException(
                ErrorCode.SCHEMA_MISMATCH,
                "column '%s' %s cannot hold %s: %s".formatted(f.name(), f.type(), value, why));
    }

    private static long integer(Field f, Object value, long min, long max) {
        if (!(value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte)) {
            String type = f.type().root() == TypeRoot.BIGINT ? "Long" : "Integer";
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "column '%s' is %s and takes %s, given is %s"
                            .formatted(
                                    f.name(), f.type(), type, value.getClass().getName()));
        }
        long number = ((Number) value).longValue();
        if (number < min || number > max) {
            throw unfit(f, value, "allowed are %d to %d".formatted(min, max));
        }
        return number;
    }

    private void decimal(int c, Field f, BigDecimal value) {
        DataType type = f.type();
        // a hostile exponent must not be expanded, so both ends of the number are looked at before
        if (value.signum() != 0 && (long) value.precision() - value.scale() > type.length() - type.scale()) {
            throw unfit(f, printable(value), "too many digits before the point");
        }
        if (value.signum() != 0 && (long) value.scale() - value.precision() >= type.scale()) {
            throw unfit(f, printable(value), "too many digits after the point");
        }
        BigInteger unscaled;
        try {
            unscaled = value.signum() == 0
                    ? BigInteger.ZERO
                    : value.setScale(type.scale()).unscaledValue();
        } catch (ArithmeticException e) {
            throw unfit(f, printable(value), "too many digits after the point");
        }
        if (type.isWideDecimal()) {
            bytes[c] = WideDecimal.bytes(unscaled);
        } else {
            longs[c] = unscaled.longValueExact();
        }
    }

    private static String printable(BigDecimal value) {
        return value.precision() <= 60 ? value.toString() : "a number of " + value.precision() + " digits";
    }

    private static byte[] text(Field f, String value) {
        if (value.length() > f.type().length()
                && value.codePointCount(0, value.length()) > f.type().length()) {
            throw unfit(f, shown(value), "it has " + value.codePointCount(0, value.length()) + " characters");
        }
        if (value.length() > MAX_VALUE_BYTES) {
            throw tooLarge(f, value.length());
        }
        if (hasNoSurrogate(value) && 3L * value.length() <= MAX_VALUE_BYTES) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            if (utf8.remaining() > MAX_VALUE_BYTES) {
                throw tooLarge(f, utf8.remaining());
            }
            return Arrays.copyOfRange(utf8.array(), utf8.position(), utf8.limit());
        } catch (CharacterCodingException e) {
            throw unfit(f, shown(value), "it holds an unpaired surrogate");
        }
    }

    // who has none cannot have one alone, for which getBytes would silently put a '?'
    private static boolean hasNoSurrogate(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String value) {
        return "'" + TableName.printable(value.length() <= 40 ? value : value.substring(0, 40) + "…") + "'";
    }

    private static byte[] binary(Field f, byte[] value) {
        if (value.length > f.type().length()) {
            throw unfit(f, value.length + " bytes", "at most " + f.type().length());
        }
        if (value.length > MAX_VALUE_BYTES) {
            throw tooLarge(f, value.length);
        }
        return value;
    }

    private static StreamhouseException tooLarge(Field f, int length) {
        return unfit(f, "a value of " + length + " bytes", "at most " + MAX_VALUE_BYTES);
    }

    private static long date(Field f, LocalDate value) {
        long day = value.toEpochDay();
        if (day != (int) day) {
            throw unfit(f, value, "its day number exceeds 32 bits");
        }
        return day;
    }

    private static long time(Field f, LocalTime value) {
        checkFraction(f, value, value.getNano());
        return value.toNanoOfDay() / 1000;
    }

    private static long instant(Field f, Object value, long second, int nano) {
        checkFraction(f, value, nano);
        try {
            if (!f.type().isNanos()) {
                return Math.addExact(Math.multiplyExact(second, 1_000_000L), nano / 1000);
            }
            // counted from the next second below zero, because the earliest value ends within a second
            return second < 0 && nano > 0
                    ? Math.addExact(Math.multiplyExact(second + 1, 1_000_000_000L), nano - 1_000_000_000L)
                    : Math.addExact(Math.multiplyExact(second, 1_000_000_000L), nano);
        } catch (ArithmeticException e) {
            String range = f.type().isNanos()
                    ? "nanoseconds reach from 1677-09-21 to 2262-04-11"
                    : "microseconds reach from year -290308 to 294247";
            throw unfit(f, value, range);
        }
    }

    /** Fractional digits beyond the declared ones would be lost. */
    private static void checkFraction(Field f, Object value, int nano) {
        int unit = 1;
        for (int digit = f.type().length(); digit < 9; digit++) {
            unit *= 10;
        }
        if (nano % unit != 0) {
            throw unfit(f, value, "more than " + f.type().length() + " fractional digits");
        }
    }

    /** The row of the last call. */
    private final class View implements RowView {
        @Override
        public boolean isNull(int column) {
            return nulls[column];
        }

        @Override
        public boolean getBoolean(int column) {
            return longs[column] != 0;
        }

        @Override
        public int getInt(int column) {
            return (int) longs[column];
        }

        @Override
        public long getLong(int column) {
            return longs[column];
        }

        @Override
        public float getFloat(int column) {
            return Float.intBitsToFloat((int) longs[column]);
        }

        @Override
        public double getDouble(int column) {
            return Double.longBitsToDouble(longs[column]);
        }

        @Override
        public byte[] getBytes(int column) {
            return bytes[column];
        }
    }
}
