package io.streamhouse.spec.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.Seeds;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.codec.digest.MurmurHash3;
import org.junit.jupiter.api.Test;

class KeyColumnTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

    private static KeyColumn sortedKeys(Random random, int size) {
        RandomKeys model = new RandomKeys(random, 1 + random.nextInt(3));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            rows.add(model.row(false));
        }
        rows.sort(RandomKeys::compare);
        return KeyEncoder.of(model.fields).keys(model.columns(rows));
    }

    private static BigInteger number(KeyDigest digest) {
        return new BigInteger(digest.toString(), 16);
    }

    /** The definition, in plain numbers: sum of h1 * 2^64 + h2 over the canonical bytes, modulo 2^128. */
    private static BigInteger modelDigest(KeyColumn keys, int from, int to) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = from; i < to; i++) {
            byte[] bytes = keys.canonical(i);
            long[] h = MurmurHash3.hash128x64(bytes, 0, bytes.length, 0);
            sum = sum.add(new BigInteger("%016x%016x".formatted(h[0], h[1]), 16));
        }
        return sum.mod(MODULUS);
    }

    @Test
    void digestIsTheSumOfHashesOfCanonicalBytes() {
        Random random = Seeds.random("KeyColumnTest.digest");
        for (int round = 0; round < 200; round++) {
            KeyColumn keys = sortedKeys(random, random.nextInt(30));
            int from = random.nextInt(keys.size() + 1);
            int to = from + random.nextInt(keys.size() + 1 - from);
            assertEquals(modelDigest(keys, from, to), number(keys.digest(from, to)));
            assertEquals(
                    keys.digest(0, keys.size()),
                    keys.digest(0, from).plus(keys.digest(from, to)).plus(keys.digest(to, keys.size())));
        }
    }

    @Test
    void digestsAddAndSubtractModulo128Bits() {
        Random random = Seeds.random("KeyColumnTest.numbers");
        for (int round = 0; round < 1000; round++) {
            KeyDigest a = new KeyDigest(edge(random), edge(random));
            KeyDigest b = new KeyDigest(edge(random), edge(random));
            assertEquals(number(a).add(number(b)).mod(MODULUS), number(a.plus(b)));
            assertEquals(number(a).subtract(number(b)).mod(MODULUS), number(a.minus(b)));
            assertEquals(a, KeyDigest.parse(a.toString()));
        }
    }

    private static long edge(Random random) {
        long[] edges = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE};
        return random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextLong();
    }

    @Test
    void digestTextIsStrict() {
        for (String bad : List.of(
                "",
                "0",
                "-0000000000000000000000000000001",
                "+0000000000000000000000000000001",
                "g".repeat(32),
                "0".repeat(33))) {
            assertThrows(IllegalArgumentException.class, () -> KeyDigest.parse(bad));
        }
    }

    @Test
    void gallopAndLowerBoundFindWhatAWalkFinds() {
        Random random = Seeds.random("KeyColumnTest.search");
        for (int round = 0; round < 300; round++) {
            KeyColumn all = sortedKeys(random, 2 + random.nextInt(60));
            KeyColumn keys = all.range(0, all.size() - 1);
            int from = random.nextInt(keys.size());
            int to = from + random.nextInt(keys.size() + 1 - from);
            int wanted = random.nextInt(all.size());
            int expected = from;
            while (expected < to && keys.compare(expected, all, wanted) < 0) {
                expected++;
            }
            assertEquals(expected, keys.lowerBound(from, to, all, wanted));
            assertEquals(expected, keys.gallop(from, to, all, wanted));
        }
    }

    @Test
    void gatherAndRangeKeepCanonicalBytes() {
        Random random = Seeds.random("KeyColumnTest.gather");
        for (int round = 0; round < 200; round++) {
            KeyColumn keys = sortedKeys(random, 1 + random.nextInt(20));
            int[] positions = random.ints(15, 0, keys.size()).toArray();
            KeyColumn gathered = keys.gather(positions, 3, 12);
            assertEquals(9, gathered.size());
            for (int i = 0; i < 9; i++) {
                assertArrayEquals(keys.canonical(positions[3 + i]), gathered.canonical(i));
            }
            int from = random.nextInt(keys.size());
            KeyColumn range = keys.range(from, keys.size()).range(0, keys.size() - from);
            for (int i = from; i < keys.size(); i++) {
                assertArrayEquals(keys.canonical(i), range.canonical(i - from));
            }
        }
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> KeyColumn.ofLongs(3, 1, new long[3]));
        assertThrows(IllegalArgumentException.class, () -> KeyColumn.ofLongs(2, 2, new long[3]));
        assertThrows(IllegalArgumentException.class, () -> KeyColumn.ofBytes(1, new byte[2], new int[] {0}));
        assertThrows(IllegalArgumentException.class, () -> KeyColumn.ofBytes(1, new byte[2], new int[] {0, 3}));
    }
}
