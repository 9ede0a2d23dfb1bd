package io.streamhouse.spec.column;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.spec.type.TypeRoot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    /** One type of each physical form, and values of it. */
    private static final List<DataType> TYPES = List.of(
            DataType.bool(),
            DataType.integer(),
            DataType.bigint(),
            DataType.of(TypeRoot.FLOAT),
            DataType.of(TypeRoot.DOUBLE),
            DataType.string());

    private static Object value(Random random, DataType type) {
        if (random.nextInt(3) == 0) {
            return null;
        }
        return switch (type.physical()) {
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextInt(3) == 0 ? Float.NaN : random.nextInt(2) == 0 ? -0.0f : random.nextFloat();
            case DOUBLE -> random.nextInt(3) == 0 ? Double.NaN : random.nextInt(2) == 0 ? -0.0 : random.nextDouble();
            case BYTES -> "x".repeat(random.nextInt(300)) + random.nextInt(10);
        };
    }

    private static List<Object> values(Random random, DataType type, int size) {
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            out.add(value(random, type));
        }
        return out;
    }

    private static void append(ColumnBuilder builder, DataType type, List<Object> values) {
        RowViews views = RowViews.of(List.of(new Field(1, "c", type, true)), List.of());
        for (Object v : values) {
            builder.append(views.view(Row.of(v)), 0);
        }
    }

    private static void assertHolds(List<Object> expected, DataType type, ColumnVector actual) {
        assertEquals(expected.size(), actual.size());
        assertEquals(type.physical(), actual.physical());
        assertEquals(expected.contains(null), actual.hasNulls());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), RowReader.value(actual, type, i), type + " row " + i);
        }
    }

    @Test
    void buildersKeepWhatIsAppendedAndGoOnAfterBuild() {
        Random random = Seeds.random("ColumnsTest.builders");
        for (int round = 0; round < 60; round++) {
            for (DataType type : TYPES) {
                ColumnBuilder builder = ColumnBuilder.of(type.physical());
                List<Object> values = values(random, type, random.nextInt(400));
                append(builder, type, values);
                ColumnVector first = builder.build();
                assertHolds(values, type, first);
                List<Object> more = values(random, type, random.nextInt(100));
                append(builder, type, more);
                List<Object> all = new ArrayList<>(values);
                all.addAll(more);
                assertHolds(all, type, builder.build());
                builder.clear();
                assertEquals(0, builder.size());
                append(builder, type, more);
                assertHolds(more, type, builder.build());
                assertHolds(values, type, first);
            }
        }
    }

    @Test
    void gatherTakesRowsInTheGivenOrder() {
        Random random = Seeds.random("ColumnsTest.gather");
        for (int round = 0; round < 60; round++) {
            int size = 1 + random.nextInt(300);
            int[] positions = random.ints(200, 0, size).toArray();
            int from = random.nextInt(100);
            int to = from + random.nextInt(100);
            for (DataType type : TYPES) {
                List<Object> values = values(random, type, size);
                ColumnBuilder builder = ColumnBuilder.of(type.physical());
                append(builder, type, values);
                ColumnVector gathered = builder.build().gather(positions, from, to);
                List<Object> expected = new ArrayList<>();
                for (int i = from; i < to; i++) {
                    expected.add(values.get(positions[i]));
                }
                assertHolds(expected, type, gathered);
                ColumnBuilder copy = ColumnBuilder.of(type.physical());
                for (int i = 0; i < gathered.size(); i++) {
                    copy.append(gathered, i);
                    assertTrue(gathered.sameValue(i, copy.build(), i));
                }
                assertHolds(expected, type, copy.build());
            }
        }
    }

    @Test
    void sameValueComparesBitsAndNulls() {
        ColumnVector doubles = new ColumnVector.Doubles(4, new long[] {8}, new double[] {0.0, -0.0, Double.NaN, 0.0});
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(i == j, doubles.sameValue(i, doubles, j));
            }
        }
        ColumnVector text =
                new ColumnVector.Bytes(3, null, "-abcab".getBytes(StandardCharsets.US_ASCII), new int[] {1, 4, 4, 6});
        assertFalse(text.sameValue(0, text, 2));
        assertTrue(text.sameValue(0, text, 0));
        assertFalse(text.sameValue(1, text, 2));
    }

    @Test
    void nansBecomeOneNan() {
        ColumnBuilder.OfDoubles doubles = new ColumnBuilder.OfDoubles();
        doubles.append(Double.longBitsToDouble(0x7ff8000000000001L));
        ColumnVector.Doubles built = (ColumnVector.Doubles) doubles.build();
        assertEquals(Double.doubleToRawLongBits(Double.NaN), Double.doubleToRawLongBits(built.values()[0]));
        ColumnBuilder.OfFloats floats = new ColumnBuilder.OfFloats();
        floats.append(Float.intBitsToFloat(0xffc00001));
        ColumnVector.Floats builtFloats = (ColumnVector.Floats) floats.build();
        assertEquals(
                Float.floatToRawIntBits(Float.NaN),
                Float.floatToRawIntBits(builtFloats.values()[0]));
    }

    @Test
    void vectorsWithoutNullsKeepNoBits() {
        ColumnBuilder builder = ColumnBuilder.of(PhysicalType.INT);
        builder.appendNull();
        ((ColumnBuilder.OfInts) builder).append(1);
        assertNull(builder.build().gather(new int[] {1, 1}, 0, 2).nulls());
    }

    @Test
    void batchesSelectCompactAndProject() {
        ColumnVector a = new ColumnVector.Ints(4, null, new int[] {10, 11, 12, 13});
        ColumnVector b = new ColumnVector.Longs(4, null, new long[] {20, 21, 22, 23});
        ColumnBatch batch = ColumnBatch.of(List.of(a, b)).withSelection(new int[] {1, 3});
        assertEquals(2, batch.selectedCount());
        assertEquals(3, batch.position(1));
        ColumnBatch dense = batch.project(new int[] {1}).compact();
        assertEquals(2, dense.rowCount());
        assertEquals(23L, ((ColumnVector.Longs) dense.column(0)).values()[1]);
        assertEquals(4, batch.project(new int[0]).rowCount());
        assertThrows(IllegalArgumentException.class, () -> ColumnBatch.of(List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> ColumnBatch.of(List.of(a, new ColumnVector.Ints(1, null, new int[1]))));
    }

    @Test
    void vectorsWithTooFewValuesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ColumnVector.Ints(2, null, new int[1]));
        assertThrows(IllegalArgumentException.class, () -> new ColumnVector.Ints(65, new long[1], new int[65]));
        assertThrows(IllegalArgumentException.class, () -> new ColumnVector.Bytes(1, null, new byte[1], new int[1]));
    }
}
