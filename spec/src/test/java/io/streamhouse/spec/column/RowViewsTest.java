package io.streamhouse.spec.column;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RowViewsTest {
    private static Object stored(DataType type, Object value) {
        List<Field> fields = List.of(new Field(1, "c", type, true));
        ColumnBuilder builder = ColumnBuilder.of(type.physical());
        builder.append(RowViews.of(fields, List.of()).view(Row.of(value)), 0);
        return RowReader.row(ColumnBatch.of(List.of(builder.build())), fields, 0)
                .value(0);
    }

    private static void keeps(DataType type, Object... values) {
        for (Object v : values) {
            assertEquals(Row.of(v), Row.of(stored(type, v)), () -> type + " " + v);
        }
    }

    private static void refuses(DataType type, Object value, String... words) {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> stored(type, value));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, e.code());
        List<String> expected = new ArrayList<>(List.of(words));
        expected.add("'c'");
        expected.add(type.toString());
        expected.forEach(w -> assertTrue(e.getMessage().contains(w), () -> w + " in: " + e.getMessage()));
        assertTrue(e.getMessage().length() < 400, e::getMessage);
    }

    private static DataType type(TypeRoot root, int length) {
        return new DataType(root, length, 0);
    }

    @Test
    void everyTypeKeepsItsEdgeValues() {
        keeps(DataType.bool(), true, false);
        keeps(DataType.of(TypeRoot.TINYINT), Byte.MIN_VALUE, Byte.MAX_VALUE);
        keeps(DataType.of(TypeRoot.SMALLINT), Short.MIN_VALUE, Short.MAX_VALUE);
        keeps(DataType.integer(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        keeps(DataType.bigint(), Long.MIN_VALUE, Long.MAX_VALUE);
        keeps(DataType.of(TypeRoot.FLOAT), -0.0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
        keeps(DataType.of(TypeRoot.DOUBLE), -0.0, Double.NaN, Double.MIN_VALUE, Double.POSITIVE_INFINITY);
        keeps(DataType.decimal(18, 2), new BigDecimal("9999999999999999.99"), new BigDecimal("-0.01"));
        keeps(DataType.decimal(38, 38), new BigDecimal("0." + "9".repeat(38)), new BigDecimal("-0." + "9".repeat(38)));
        keeps(DataType.decimal(38, 0), new BigDecimal("-" + "9".repeat(38)));
        keeps(DataType.string(), "", "null", "ä😀\u0000");
        keeps(type(TypeRoot.CHAR, 2), "😀😀", "a", " ");
        keeps(DataType.bytes(), new byte[0], new byte[] {0, -1});
        keeps(
                DataType.date(),
                LocalDate.of(1, 1, 1),
                LocalDate.of(9999, 12, 31),
                LocalDate.ofEpochDay(Integer.MIN_VALUE));
        keeps(type(TypeRoot.TIME, 6), LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59, 999_999_000));
        keeps(
                DataType.timestamp(6),
                LocalDateTime.of(1, 1, 1, 0, 0, 0, 1000),
                LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000));
        keeps(
                DataType.timestamp(9),
                LocalDateTime.of(1677, 9, 21, 0, 12, 43, 145_224_192),
                LocalDateTime.of(2262, 4, 11, 23, 47, 16, 854_775_807));
        keeps(type(TypeRoot.TIMESTAMP_LTZ, 3), Instant.ofEpochMilli(-1), Instant.ofEpochMilli(1));
        keeps(type(TypeRoot.TIMESTAMP_LTZ, 9), Instant.ofEpochSecond(-1, 1), Instant.ofEpochSecond(0, 999_999_999));
    }

    @Test
    void integersOfAnyClassAreTakenIfTheyFit() {
        assertEquals(7, stored(DataType.integer(), 7L));
        assertEquals(7L, stored(DataType.bigint(), (byte) 7));
        refuses(DataType.integer(), 1L << 31, "2147483648", "-2147483648 to 2147483647");
        refuses(DataType.of(TypeRoot.TINYINT), 128, "128");
        refuses(DataType.bigint(), "7", "java.lang.String", "Long");
        refuses(DataType.integer(), 7.0, "java.lang.Double");
    }

    @Test
    void decimalsAreRescaledExactlyOrRefused() {
        assertEquals(new BigDecimal("1.50"), stored(DataType.decimal(9, 2), new BigDecimal("1.5")));
        assertEquals(new BigDecimal("1.50"), stored(DataType.decimal(9, 2), new BigDecimal("1.50000")));
        assertEquals(new BigDecimal("1000.00"), stored(DataType.decimal(9, 2), new BigDecimal("1E3")));
        assertEquals(new BigDecimal("0.00"), stored(DataType.decimal(9, 2), new BigDecimal("0E-1000000000")));
        refuses(DataType.decimal(9, 2), new BigDecimal("1.505"), "after the point", "1.505");
        refuses(DataType.decimal(9, 2), new BigDecimal("12345678.00"), "before the point");
        // neither is expanded to its digits
        refuses(DataType.decimal(38, 2), new BigDecimal("1E2147483647"), "before the point");
        refuses(DataType.decimal(38, 2), new BigDecimal("1E-2147483647"), "after the point");
        refuses(DataType.decimal(38, 2), 1.5, "java.lang.Double", "BigDecimal");
    }

    @Test
    void textAndBinaryOverTheirLengthAreRefused() {
        refuses(type(TypeRoot.CHAR, 2), "abc", "3 characters");
        refuses(type(TypeRoot.VARCHAR, 2), "😀😀😀", "3 characters");
        refuses(type(TypeRoot.VARBINARY, 2), new byte[3], "3 bytes");
        refuses(DataType.string(), "a\ud83d", "surrogate");
        refuses(DataType.string(), "x".repeat(RowViews.MAX_VALUE_BYTES + 1), "67108865 bytes", "67108864");
        refuses(DataType.string(), "ä".repeat(RowViews.MAX_VALUE_BYTES / 2 + 1), "67108866 bytes");
        refuses(DataType.bytes(), new byte[RowViews.MAX_VALUE_BYTES + 1], "67108865 bytes");
    }

    @Test
    void timesAreNeverCutOrWrapped() {
        refuses(type(TypeRoot.TIME, 3), LocalTime.of(1, 2, 3, 4000), "3 fractional digits");
        refuses(DataType.timestamp(0), LocalDateTime.of(2020, 1, 1, 0, 0, 0, 1), "0 fractional digits");
        refuses(DataType.timestamp(9), LocalDateTime.of(1677, 9, 21, 0, 12, 43, 145_224_191), "1677");
        refuses(DataType.timestamp(9), LocalDateTime.of(2262, 4, 11, 23, 47, 16, 854_775_808), "2262");
        refuses(type(TypeRoot.TIMESTAMP_LTZ, 7), Instant.parse("9999-01-01T00:00:00Z"), "2262", "9999-01-01");
        refuses(DataType.timestamp(6), LocalDateTime.MAX.withNano(0), "294247");
        refuses(DataType.date(), LocalDate.MAX, "32 bits");
        refuses(DataType.timestamp(6), Instant.EPOCH, "java.time.Instant", "LocalDateTime");
    }

    @Test
    void nullsAreRefusedWhereTheyCannotStand() {
        List<Field> fields = List.of(
                new Field(1, "id", DataType.bigint(), false),
                new Field(2, "name", DataType.string(), false),
                new Field(3, "note", DataType.string(), true));
        RowViews views = RowViews.of(fields, List.of("id"));
        assertTrue(views.view(Row.of(1L, "a", null)).isNull(2));
        assertEquals(ErrorCode.NULL_KEY, codeOf(() -> views.view(Row.of(null, "a", null))));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, codeOf(() -> views.view(Row.of(1L, null, null))));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, codeOf(() -> views.view(Row.of(1L, "a"))));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, codeOf(() -> views.view(Row.of((Object[]) null))));
    }

    private static ErrorCode codeOf(Executable action) {
        return assertThrows(StreamhouseException.class, action).code();
    }

    @Test
    void rowsOwnTheirBytes() {
        byte[] bytes = {1};
        Row row = Row.of(bytes, null);
        bytes[0] = 2;
        ((byte[]) row.value(0))[0] = 3;
        assertEquals(Row.of(new byte[] {1}, null), row);
        assertEquals("(x'01', null)", row.toString());
        assertEquals(row.hashCode(), Row.of(new byte[] {1}, null).hashCode());
    }
}
