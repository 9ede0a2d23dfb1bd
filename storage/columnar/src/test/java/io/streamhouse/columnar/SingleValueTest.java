package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.type.DataType;
import io.streamhouse.testkit.Seeds;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SingleValueTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void valuesHaveIcebergsBytes() {
        assertArrayEquals(new byte[] {1}, SingleValue.ofLong(DataType.bool(), 1));
        assertArrayEquals(new byte[] {-2, -1, -1, -1}, SingleValue.ofLong(DataType.date(), -2));
        assertArrayEquals(new byte[] {1, 2, 0, 0, 0, 0, 0, 0}, SingleValue.ofLong(DataType.bigint(), 513));
        assertArrayEquals(new byte[] {2, 1}, SingleValue.ofLong(DataType.decimal(9, 2), 513));
        assertArrayEquals(new byte[] {0, -128}, SingleValue.ofLong(DataType.decimal(9, 2), 128));
        assertArrayEquals(new byte[] {-1}, SingleValue.ofLong(DataType.decimal(9, 2), -1));
        assertArrayEquals(utf8("é"), SingleValue.ofBytes(DataType.string(), utf8("é")));
    }

    @Test
    void valuesOfEveryTypeComeBack() {
        Random random = new Random(Seeds.of("single-value"));
        for (DataType type : ModelRows.TYPES) {
            for (int i = 0; i < 200; i++) {
                Object value = ModelRows.value(random, type);
                if (value instanceof Long l) {
                    assertEquals(l, SingleValue.toLong(type, SingleValue.ofLong(type, l)));
                } else if (value instanceof Number n) {
                    assertEquals(
                            n.doubleValue(), SingleValue.toDouble(type, SingleValue.ofDouble(type, n.doubleValue())));
                } else {
                    byte[] bytes = ((ByteBuffer) value).array();
                    assertArrayEquals(bytes, SingleValue.toBytes(type, SingleValue.ofBytes(type, bytes)));
                    if (type.isWideDecimal()) {
                        assertArrayEquals(new BigInteger(bytes).toByteArray(), SingleValue.ofBytes(type, bytes));
                    }
                }
            }
        }
    }

    @Test
    void boundsOfTextAndBinaryEncloseTheValueInAtMostSixteenCharacters() {
        Random random = new Random(Seeds.of("single-value-bounds"));
        for (DataType type : new DataType[] {DataType.string(), DataType.bytes()}) {
            for (int i = 0; i < 2000; i++) {
                byte[] value = ((ByteBuffer) ModelRows.value(random, type)).array();
                byte[] low = SingleValue.lowerBound(type, value);
                assertTrue(Arrays.compareUnsigned(low, value) <= 0);
                assertTrue(low.length <= 4 * SingleValue.BOUND_LENGTH);
                SingleValue.upperBound(type, value).ifPresent(high -> {
                    assertTrue(Arrays.compareUnsigned(high, value) >= 0);
                    assertTrue(high.length <= 4 * SingleValue.BOUND_LENGTH);
                });
            }
        }
    }

    @Test
    void anUpperBoundRaisesTheLastCharacterThatCanBeRaised() {
        DataType text = DataType.string();
        assertArrayEquals(
                utf8("a".repeat(15) + "b"),
                SingleValue.upperBound(text, utf8("a".repeat(17))).orElseThrow());
        String top = Character.toString(0x10FFFF);
        assertArrayEquals(
                utf8("b"),
                SingleValue.upperBound(text, utf8("a" + top.repeat(16))).orElseThrow());
        assertEquals(Optional.empty(), SingleValue.upperBound(text, utf8(top.repeat(17))));
        String beforeSurrogates = "a".repeat(15) + "\uD7FF";
        assertArrayEquals(
                utf8("a".repeat(15) + "\uE000"),
                SingleValue.upperBound(text, utf8(beforeSurrogates + "x")).orElseThrow());
        byte[] full = new byte[17];
        Arrays.fill(full, (byte) -1);
        assertEquals(Optional.empty(), SingleValue.upperBound(DataType.bytes(), full));
    }
}
