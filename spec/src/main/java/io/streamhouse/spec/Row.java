package io.streamhouse.spec;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * Values of one row, column by column, as plain Java objects; null is NULL. Immutable: byte arrays are copied in and out.
 *
 * <p>Classes by SQL type: BOOLEAN {@code Boolean}; TINYINT {@code Byte}; SMALLINT {@code Short}; INT {@code Integer}; BIGINT
 * {@code Long}; FLOAT {@code Float}; DOUBLE {@code Double}; DECIMAL {@code BigDecimal}; CHAR, VARCHAR {@code String}; BINARY,
 * VARBINARY {@code byte[]}; DATE {@code LocalDate}; TIME {@code LocalTime}; TIMESTAMP {@code LocalDateTime}; TIMESTAMP_LTZ
 * {@code Instant}. A row does not know its columns; a writer checks it against the table's schema.
 *
 * <p>Two rows are equal if their values are: decimals with their scale, floating point numbers bit by bit.
 */
public final class Row {
    private final Object[] values;

    private Row(Object[] values) {
        this.values = values;
        for (int i = 0; i < values.length; i++) {
            values[i] = own(values[i]);
        }
    }

    /** A row of the given values. */
    public static Row of(Object... values) {
        // a lone null is one NULL value, not a missing array
        return new Row(values == null ? new Object[1] : Arrays.copyOf(values, values.length, Object[].class));
    }

    private static Object own(Object value) {
        return value instanceof byte[] bytes ? bytes.clone() : value;
    }

    /** Number of values. */
    public int size() {
        return values.length;
    }

    /** Value of a column, null for NULL. */
    public Object value(int column) {
        return own(values[column]);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Row r && Arrays.deepEquals(values, r.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        StringJoiner out = new StringJoiner(", ", "(", ")");
        for (Object v : values) {
            out.add(v instanceof byte[] b ? "x'" + HexFormat.of().formatHex(b) + "'" : String.valueOf(v));
        }
        return out.toString();
    }
}
