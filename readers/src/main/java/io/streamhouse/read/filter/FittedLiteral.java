package io.streamhouse.read.filter;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * A user's literal in a column's own unit. One that the unit cannot express (1.5 against INT, a BIGINT beyond an INT's
 * range) becomes the value next below it, and the comparison changes with it: nothing is rounded away.
 *
 * @param literal the literal itself, or the value next below it
 * @param fit how the two stand to each other
 */
record FittedLiteral(Literal literal, Fit fit) {
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_WIDE = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
    private static final BigInteger MIN_WIDE = BigInteger.ONE.shiftLeft(127).negate();

    /** Far beyond any DECIMAL; keeps hostile exponents from being written out. */
    private static final int MAX_DIGITS = 100;

    /** How the user's literal stands to ours. */
    enum Fit {
        EXACT,
        JUST_ABOVE,
        BELOW_ALL
    }

    /** The condition's outcomes against {@link #literal()}. */
    Outcomes outcomes(Outcomes asked) {
        return switch (fit) {
            case EXACT -> asked;
            case JUST_ABOVE -> asked.justAbove();
            case BELOW_ALL -> asked.belowAll();
        };
    }

    /** Fits a non-null literal; {@code SCHEMA_MISMATCH} if its class does not go with the column's type. */
    static FittedLiteral of(Field field, Object value) {
        DataType type = field.type();
        return switch (type.root()) {
            case BOOLEAN -> {
                if (!(value instanceof Boolean b)) {
                    throw mismatch(field, value);
                }
                yield exact(new Literal.OfLong(b ? 1 : 0));
            }
            case TINYINT, SMALLINT, INT, BIGINT -> whole(number(field, value), false);
            case DECIMAL -> whole(scaled(number(field, value), type.scale()), type.isWideDecimal());
            case FLOAT, DOUBLE -> floating(field, value);
            case CHAR, VARCHAR -> {
                if (!(value instanceof CharSequence text)) {
                    throw mismatch(field, value);
                }
                yield exact(new Literal.OfBytes(text.toString().getBytes(StandardCharsets.UTF_8), false));
            }
            case BINARY, VARBINARY -> {
                if (!(value instanceof byte[] bytes)) {
                    throw mismatch(field, value);
                }
                yield exact(new Literal.OfBytes(bytes.clone(), false));
            }
            case DATE -> {
                if (!(value instanceof LocalDate date)) {
                    throw mismatch(field, value);
                }
                yield whole(BigDecimal.valueOf(date.toEpochDay()), false);
            }
            case TIME -> {
                if (!(value instanceof LocalTime time)) {
                    throw mismatch(field, value);
                }
                yield whole(BigDecimal.valueOf(time.toNanoOfDay(), 3), false);
            }
            case TIMESTAMP -> {
                if (!(value instanceof LocalDateTime time)) {
                    throw mismatch(field, value);
                }
                yield whole(instant(time.toInstant(ZoneOffset.UTC), type), false);
            }
            case TIMESTAMP_LTZ -> {
                if (!(value instanceof Instant time)) {
                    throw mismatch(field, value);
                }
                yield whole(instant(time, type), false);
            }
        };
    }

    private static BigDecimal instant(Instant time, DataType type) {
        BigInteger nanos = BigInteger.valueOf(time.getEpochSecond())
                .multiply(BigInteger.valueOf(1_000_000_000L))
                .add(BigInteger.valueOf(time.getNano()));
        return new BigDecimal(nanos, type.isNanos() ? 0 : 3);
    }

    private static FittedLiteral floating(Field field, Object value) {
        if (!(value instanceof Number n)) {
            throw mismatch(field, value);
        }
        double d = n.doubleValue();
        boolean isFloating = value instanceof Double || value instanceof Float;
        if (!isFloating && (Double.isInfinite(d) || new BigDecimal(d).compareTo(number(field, value)) != 0)) {
            // a whole number or decimal that no double equals would compare wrongly next to its neighbours
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "column '%s' is %s, which cannot express %s exactly"
                            .formatted(TableName.printable(field.name()), field.type(), value));
        }
        return exact(new Literal.OfDouble(d));
    }

    private static BigDecimal number(Field field, Object value) {
        if (value instanceof BigDecimal d) {
            return d;
        }
        if (value instanceof BigInteger i) {
            return new BigDecimal(i);
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        if ((value instanceof Double || value instanceof Float) && Double.isFinite(((Number) value).doubleValue())) {
            return new BigDecimal(((Number) value).doubleValue());
        }
        throw mismatch(field, value);
    }

    private static BigDecimal scaled(BigDecimal value, int scale) {
        return isHuge(value) || isTiny(value) ? value : value.scaleByPowerOfTen(scale);
    }

    private static boolean isHuge(BigDecimal value) {
        return value.signum() != 0 && (long) value.precision() - value.scale() > MAX_DIGITS;
    }

    private static boolean isTiny(BigDecimal value) {
        return value.signum() != 0 && (long) value.scale() - value.precision() > MAX_DIGITS;
    }

    private static FittedLiteral whole(BigDecimal value, boolean wide) {
        BigInteger min = wide ? MIN_WIDE : MIN_LONG;
        BigInteger max = wide ? MAX_WIDE : MAX_LONG;
        if (isHuge(value)) {
            return value.signum() > 0
                    ? new FittedLiteral(literal(max, wide), Fit.JUST_ABOVE)
                    : new FittedLiteral(literal(min, wide), Fit.BELOW_ALL);
        }
        BigDecimal floor =
                isTiny(value) ? BigDecimal.valueOf(value.signum() > 0 ? 0 : -1) : value.setScale(0, RoundingMode.FLOOR);
        BigInteger whole = floor.toBigInteger();
        if (whole.compareTo(max) > 0) {
            return new FittedLiteral(literal(max, wide), Fit.JUST_ABOVE);
        }
        if (whole.compareTo(min) < 0) {
            return new FittedLiteral(literal(min, wide), Fit.BELOW_ALL);
        }
        boolean isExact = !isTiny(value) && floor.compareTo(value) == 0;
        return new FittedLiteral(literal(whole, wide), isExact ? Fit.EXACT : Fit.JUST_ABOVE);
    }

    private static Literal literal(BigInteger value, boolean wide) {
        if (!wide) {
            return new Literal.OfLong(value.longValue());
        }
        byte[] minimal = value.toByteArray();
        byte[] out = new byte[16];
        java.util.Arrays.fill(out, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(minimal, 0, out, 16 - minimal.length, minimal.length);
        return new Literal.OfBytes(out, true);
    }

    private static FittedLiteral exact(Literal literal) {
        return new FittedLiteral(literal, Fit.EXACT);
    }

    private static StreamhouseException mismatch(Field field, Object value) {
        return new StreamhouseException(
                ErrorCode.SCHEMA_MISMATCH,
                "column '%s' is %s and cannot be compared with %s '%s'"
                        .formatted(
                                TableName.printable(field.name()),
                                field.type(),
                                value.getClass().getSimpleName(),
                                TableName.printable(String.valueOf(value))));
    }
}
