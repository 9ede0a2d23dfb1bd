package io.streamhouse.spec.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyEncoderTest {
    private static final int ROUNDS = 150;
    private static final int ROWS = 40;

    private static List<Row> rows(RandomKeys keys, boolean nulls) {
        List<Row> out = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            out.add(keys.row(nulls));
        }
        return out;
    }

    @Test
    void keysOrderAsTheirColumnsAndComeBack() {
        Random random = Seeds.random("KeyEncoderTest.keys");
        int[] seen = new int[3];
        for (int round = 0; round < ROUNDS; round++) {
            RandomKeys model = new RandomKeys(random, 1 + random.nextInt(4));
            List<Row> rows = rows(model, false);
            KeyEncoder encoder = KeyEncoder.of(model.fields);
            KeyColumn keys = encoder.keys(model.columns(rows));
            seen[keys.words()]++;
            assertEquals(encoder.words(), keys.words());
            ColumnBatch back = ColumnBatch.of(encoder.decode(keys));
            for (int i = 0; i < ROWS; i++) {
                assertEquals(rows.get(i), RowReader.row(back, model.fields, i));
                for (int j = 0; j < ROWS; j++) {
                    int expected = Integer.signum(RandomKeys.compare(rows.get(i), rows.get(j)));
                    assertEquals(expected, Integer.signum(keys.compare(i, keys, j)));
                    // the canonical bytes order the same way
                    assertEquals(
                            expected, Integer.signum(Arrays.compareUnsigned(keys.canonical(i), keys.canonical(j))));
                }
            }
        }
        assertTrue(seen[0] > 0 && seen[1] > 0 && seen[2] > 0, () -> Arrays.toString(seen));
    }

    @Test
    void partitionTuplesOrderAsTheirColumnsAndComeBack() {
        Random random = Seeds.random("KeyEncoderTest.partitions");
        for (int round = 0; round < ROUNDS; round++) {
            RandomKeys model = new RandomKeys(random, 1 + random.nextInt(3));
            List<Row> rows = rows(model, true);
            KeyEncoder encoder = KeyEncoder.of(model.fields);
            Partition[] tuples = encoder.partitions(model.columns(rows));
            for (int i = 0; i < ROWS; i++) {
                ColumnBatch back = ColumnBatch.of(encoder.decode(tuples[i]));
                assertEquals(rows.get(i), RowReader.row(back, model.fields, 0));
                for (int j = 0; j < ROWS; j++) {
                    int expected = Integer.signum(RandomKeys.compare(rows.get(i), rows.get(j)));
                    assertEquals(expected, Integer.signum(tuples[i].compareTo(tuples[j])));
                    assertEquals(expected == 0, tuples[i].equals(tuples[j]));
                }
            }
        }
    }

    @Test
    void equalNeighboursShareOnePartition() {
        RandomKeys model = new RandomKeys(new Random(1), 1);
        Row row = model.row(false);
        Partition[] tuples = KeyEncoder.of(model.fields).partitions(model.columns(List.of(row, row)));
        assertSame(tuples[0], tuples[1]);
    }

    @Test
    void wideningIntegersKeepsKeysBucketsAndDigest() {
        List<Field> narrow = List.of(new Field(1, "k", DataType.integer(), false));
        List<Field> wide = List.of(new Field(1, "k", DataType.bigint(), false));
        int[] ints = {0, 1, -1, 34, Integer.MIN_VALUE, Integer.MAX_VALUE};
        List<ColumnVector> a = List.of(new ColumnVector.Ints(ints.length, null, ints));
        List<ColumnVector> b = List.of(new ColumnVector.Longs(
                ints.length, null, Arrays.stream(ints).asLongStream().toArray()));
        KeyColumn before = KeyEncoder.of(narrow).keys(a);
        KeyColumn after = KeyEncoder.of(wide).keys(b);
        assertEquals(before.digest(0, ints.length), after.digest(0, ints.length));
        assertArrayEquals(before.longs(), after.longs());
        assertArrayEquals(
                new Bucketing(narrow, 97).buckets(a, ints.length), new Bucketing(wide, 97).buckets(b, ints.length));
    }

    @Test
    void nullKeyIsRefusedByName() {
        List<Field> fields = List.of(new Field(1, "id", DataType.bigint(), true));
        ColumnVector column = new ColumnVector.Longs(2, new long[] {2}, new long[2]);
        StreamhouseException e = assertThrows(
                StreamhouseException.class, () -> KeyEncoder.of(fields).keys(List.of(column)));
        assertEquals(ErrorCode.NULL_KEY, e.code());
        assertTrue(e.getMessage().contains("'id'") && e.getMessage().contains("row 1"), e::getMessage);
    }

    @Test
    void damagedTuplesAreTypedErrorsOrOtherTuples() {
        Random random = Seeds.random("KeyEncoderTest.damage");
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            RandomKeys model = new RandomKeys(random, 1 + random.nextInt(3));
            KeyEncoder encoder = KeyEncoder.of(model.fields);
            byte[] bytes = encoder.partitions(model.columns(List.of(model.row(true))))[0].bytes();
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 2));
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                encoder.decode(new Partition(damaged));
            } catch (StreamhouseException e) {
                assertEquals(ErrorCode.CORRUPT_FILE, e.code());
                refused++;
            }
        }
        assertNotEquals(0, refused);
    }

    @Test
    void columnsOfAnotherKeyAreRefused() {
        List<Field> fields = List.of(new Field(1, "id", DataType.bigint(), true));
        KeyEncoder encoder = KeyEncoder.of(fields);
        assertThrows(
                IllegalArgumentException.class,
                () -> encoder.keys(List.of(new ColumnVector.Ints(1, null, new int[1]))));
        assertThrows(IllegalArgumentException.class, () -> encoder.keys(List.of()));
        assertThrows(IllegalArgumentException.class, () -> encoder.decode(KeyColumn.empty(2)));
    }
}
