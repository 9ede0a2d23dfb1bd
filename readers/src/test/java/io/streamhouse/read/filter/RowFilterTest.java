package io.streamhouse.read.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.testkit.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RowFilterTest {
    private static final List<Field> FIELDS = List.of(
            field(1, "flag", DataType.bool()),
            field(2, "tiny", DataType.of(TypeRoot.TINYINT)),
            field(3, "number", DataType.integer()),
            field(4, "big", DataType.bigint()),
            field(5, "price", DataType.decimal(9, 2)),
            field(6, "wide", DataType.decimal(30, 1)),
            field(7, "ratio", DataType.of(TypeRoot.DOUBLE)),
            field(8, "part", DataType.of(TypeRoot.FLOAT)),
            field(9, "name", DataType.string()),
            field(10, "code", DataType.bytes()),
            field(11, "day", DataType.date()),
            field(12, "hour", new DataType(TypeRoot.TIME, 3, 0)),
            field(13, "moment", DataType.timestamp(6)),
            field(14, "instant", new DataType(TypeRoot.TIMESTAMP_LTZ, 9, 0)));

    private static Field field(int id, String name, DataType type) {
        return new Field(id, name, type, true);
    }

    /** Few values of a type, so that comparisons meet equals. */
    private static Object value(RandomGenerator random, Field field) {
        int n = random.nextInt(5) - 2;
        return switch (field.type().root()) {
            case BOOLEAN -> n > 0;
            case TINYINT -> (byte) (n * 60);
            case INT -> n * 1_000_000_000;
            case BIGINT -> n == 2 ? Long.MAX_VALUE : n == -2 ? Long.MIN_VALUE : (long) n;
            case DECIMAL ->
                field.type().isWideDecimal()
                        ? new BigDecimal(BigInteger.TEN.pow(25).multiply(BigInteger.valueOf(n)), 1)
                        : BigDecimal.valueOf(n * 150, 2);
            case DOUBLE -> n == 2 ? Double.NaN : n == -2 ? -0.0 : n / 2.0;
            case FLOAT -> n == 2 ? Float.NaN : n == -2 ? -0.0f : n / 2.0f;
            case VARCHAR -> List.of("", "a", "ab", "é", "\uD83D\uDE00").get(n + 2);
            case VARBINARY -> new byte[][] {{}, {0}, {1, 2}, {(byte) 0x80}, {-1, -1}}[n + 2];
            case DATE -> LocalDate.ofEpochDay(n * 1000L);
            case TIME -> LocalTime.ofSecondOfDay(40_000 + n * 100L);
            case TIMESTAMP -> LocalDateTime.of(1970, 1, 1, 0, 0).plusSeconds(n).plusNanos(n * 1000L);
            case TIMESTAMP_LTZ -> Instant.ofEpochSecond(n, 1);
            default -> throw new AssertionError(field);
        };
    }

    /** A literal of the type, sometimes one that the column cannot hold. */
    private static Object literal(RandomGenerator random, Field field) {
        if (random.nextInt(12) == 0) {
            return null;
        }
        boolean odd = random.nextInt(3) == 0;
        Object value = value(random, field);
        return switch (field.type().root()) {
            case TINYINT, INT, BIGINT, DECIMAL ->
                !odd
                        ? value
                        : List.of(
                                        new BigDecimal("0.5"),
                                        new BigDecimal("-60.5"),
                                        new BigDecimal("1.501"),
                                        new BigDecimal("1e40"),
                                        new BigDecimal("-1e40"),
                                        new BigDecimal("1e2000000000"),
                                        new BigDecimal("-1e-2000000000"),
                                        5_000_000_000L)
                                .get(random.nextInt(8));
            case TIMESTAMP -> odd ? ((LocalDateTime) value).plusNanos(1) : value;
            case TIME -> odd ? ((LocalTime) value).plusNanos(1) : value;
            default -> value;
        };
    }

    private static Predicate random(RandomGenerator random, int depth) {
        Field field = FIELDS.get(random.nextInt(FIELDS.size()));
        int kind = random.nextInt(depth == 0 ? 4 : 8);
        return switch (kind) {
            case 0, 1 ->
                new Predicate.Compare(
                        field.name(), Predicate.Operator.values()[random.nextInt(6)], literal(random, field));
            case 2 -> random.nextBoolean() ? Predicate.isNull(field.name()) : Predicate.isNotNull(field.name());
            case 3 -> {
                List<Object> literals = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    literals.add(literal(random, field));
                }
                yield new Predicate.In(field.name(), literals);
            }
            case 4 -> Predicate.not(random(random, depth - 1));
            default -> {
                List<Predicate> parts = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    parts.add(random(random, depth - 1));
                }
                yield kind < 6 ? new Predicate.And(parts) : new Predicate.Or(parts);
            }
        };
    }

    private static List<Object[]> rows(RandomGenerator random, int count) {
        List<Object[]> out = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            Object[] row = new Object[FIELDS.size()];
            for (int c = 0; c < row.length; c++) {
                row[c] = random.nextInt(5) == 0 ? null : value(random, FIELDS.get(c));
            }
            out.add(row);
        }
        return out;
    }

    private static ColumnBatch batch(List<Object[]> rows, List<Field> fields) {
        RowViews views = RowViews.of(FIELDS, List.of());
        List<ColumnBuilder> builders =
                fields.stream().map(f -> ColumnBuilder.of(f.type().physical())).toList();
        for (Object[] row : rows) {
            var view = views.view(Row.of(row));
            for (int c = 0; c < builders.size(); c++) {
                builders.get(c).append(view, FIELDS.indexOf(fields.get(c)));
            }
        }
        return new ColumnBatch(builders.stream().map(ColumnBuilder::build).toList(), rows.size(), null);
    }

    private static boolean modelSays(Predicate predicate, Object[] row) {
        Map<String, Object> values = new HashMap<>();
        for (int c = 0; c < row.length; c++) {
            values.put(FIELDS.get(c).name(), row[c]);
        }
        return Boolean.TRUE.equals(ThreeValued.of(predicate, values));
    }

    @Test
    void batchesAreFilteredAsSqlFiltersRowByRow() {
        long seed = Seeds.of("RowFilterTest");
        RandomGenerator random = Seeds.random(seed);
        int passed = 0;
        for (int round = 0; round < 3000; round++) {
            List<Object[]> rows = rows(random, 1 + random.nextInt(130));
            Predicate predicate = random(random, 3);
            RowFilter filter = RowFilter.bind(predicate, FIELDS);
            long[] in = new long[(rows.size() + 63) / 64];
            for (int r = 0; r < rows.size(); r++) {
                in[r >> 6] |= (random.nextInt(4) > 0 ? 1L : 0L) << r;
            }
            long[] before = in.clone();
            long[] out = filter.select(batch(rows, filter.columns()), in);
            assertArrayEquals(before, in, "candidates were written to");
            for (int r = 0; r < in.length * 64; r++) {
                boolean candidate = (in[r >> 6] & (1L << r)) != 0;
                boolean expected = candidate && modelSays(predicate, rows.get(r));
                assertEquals(expected, (out[r >> 6] & (1L << r)) != 0, () -> predicate + " with seed " + seed);
                passed += expected ? 1 : 0;
            }
        }
        assertTrue(passed > 10_000, "only " + passed + " rows passed");
    }

    @Test
    void rangesNeverRuleOutARowThatPasses() {
        long seed = Seeds.of("RowFilterTest.ranges");
        RandomGenerator random = Seeds.random(seed);
        int ruledOut = 0;
        for (int round = 0; round < 4000; round++) {
            List<Object[]> rows = rows(random, 1 + random.nextInt(3));
            Predicate predicate = random(random, 2);
            RowFilter filter = RowFilter.bind(predicate, FIELDS);
            boolean passes = rows.stream().anyMatch(row -> modelSays(predicate, row));
            boolean may = filter.mayMatch(f -> range(rows, f));
            assertTrue(may || !passes, () -> predicate + " with seed " + seed);
            ruledOut += may ? 0 : 1;
        }
        assertTrue(ruledOut > 500, "only " + ruledOut + " were ruled out");
    }

    /** Null count and bounds as a file would keep them: none where NaN stands. */
    private static ValueRange range(List<Object[]> rows, Field field) {
        ColumnVector all = batch(rows, List.of(field)).column(0);
        List<Integer> values = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            if (!all.isNull(r)) {
                values.add(r);
            }
        }
        if (values.isEmpty()) {
            return ValueRange.NULLS;
        }
        boolean mayBeNull = values.size() < rows.size();
        Predicate.Operator less = Predicate.Operator.LESS;
        int min = values.get(0);
        int max = values.get(0);
        for (int r : values) {
            Object value = rows.get(r)[FIELDS.indexOf(field)];
            if (value instanceof Number n && Double.isNaN(n.doubleValue())) {
                return new ValueRange(mayBeNull, true, null, 0, 0);
            }
            Object low = rows.get(min)[FIELDS.indexOf(field)];
            Object high = rows.get(max)[FIELDS.indexOf(field)];
            Map<String, Object> row = Map.of(field.name(), value);
            min = Boolean.TRUE.equals(ThreeValued.of(new Predicate.Compare(field.name(), less, low), row)) ? r : min;
            max = Boolean.TRUE.equals(
                            ThreeValued.of(new Predicate.Compare(field.name(), Predicate.Operator.GREATER, high), row))
                    ? r
                    : max;
        }
        return new ValueRange(mayBeNull, true, all, min, max);
    }

    @Test
    void notInWithNullIsTrueForNoRow() {
        List<Object[]> rows = rows(Seeds.random(3), 50);
        RowFilter filter = RowFilter.bind(Predicate.not(Predicate.in("number", 7, null)), FIELDS);
        assertEquals(0, filter.select(batch(rows, filter.columns()), new long[] {-1L >>> 14})[0]);
        assertFalse(filter.mayMatch(f -> ValueRange.UNKNOWN));
    }

    @Test
    void unknownColumnsAndForeignLiteralsAreRefusedByName() {
        refused(Predicate.equal("colour", 1), "colour");
        refused(Predicate.equal("number", "one"), "number");
        refused(Predicate.in("day", LocalDate.EPOCH, 3), "day");
        refused(Predicate.equal("big", Double.NaN), "big");
        refused(Predicate.equal("ratio", (1L << 60) + 1), "ratio");
    }

    private static void refused(Predicate predicate, String named) {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> RowFilter.bind(predicate, FIELDS));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, e.code());
        assertTrue(e.getMessage().contains("'" + named + "'"), e.getMessage());
    }

    @Test
    void onlyConjunctsDemandValues() {
        RowFilter filter = RowFilter.bind(
                Predicate.and(
                        Predicate.in("big", 1L, 2L, null, new BigDecimal("0.5")),
                        Predicate.or(Predicate.equal("name", "a"), Predicate.equal("number", 1))),
                FIELDS);
        assertNotNull(filter.demandedValues("big"));
        assertEquals(2, filter.demandedValues("big").size());
        assertNull(filter.demandedValues("name"));
        assertNull(filter.demandedValues("number"));
    }
}
