package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.testkit.Seeds;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
    private final RandomGenerator random = Seeds.random(Seeds.of("row-order"));

    /** What the order should be, by a sort of boxed row numbers. */
    private static int[] model(int[] groups, KeyColumn keys) {
        Comparator<Integer> byKey = keys == null ? (a, b) -> 0 : (a, b) -> keys.compare(a, keys, b);
        return IntStream.range(0, groups.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(row -> groups[row])
                        .thenComparing(byKey)
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(row -> row)
                .toArray();
    }

    private int[] groups(int n, int groupCount) {
        return IntStream.range(0, n).map(i -> random.nextInt(groupCount)).toArray();
    }

    private void check(int[] groups, int groupCount, KeyColumn keys) {
        assertArrayEquals(model(groups, keys), RowOrder.byGroupAndKey(groups, groupCount, keys));
    }

    @Test
    void longsOfAnySpreadComeOutInSignedOrderAndEqualOnesAsTheyCame() {
        for (int round = 0; round < 40; round++) {
            int n = random.nextInt(600);
            int bits = 1 + random.nextInt(64);
            long base = random.nextBoolean() ? 0 : random.nextLong();
            long[] values = new long[n];
            for (int i = 0; i < n; i++) {
                values[i] = base + (random.nextLong() >> (64 - bits));
            }
            int groupCount = 1 + random.nextInt(9);
            check(groups(n, groupCount), groupCount, KeyColumn.ofLongs(1, n, values));
        }
    }

    @Test
    void pairsOfLongsAreOrderedByTheFirstThenTheSecond() {
        for (int round = 0; round < 40; round++) {
            int n = random.nextInt(600);
            long[] values = new long[2 * n];
            for (int i = 0; i < n; i++) {
                values[2 * i] = random.nextInt(5) - 2;
                values[2 * i + 1] = random.nextBoolean() ? random.nextInt(7) - 3 : random.nextLong();
            }
            int groupCount = 1 + random.nextInt(3);
            check(groups(n, groupCount), groupCount, KeyColumn.ofLongs(2, n, values));
        }
    }

    @Test
    void theExtremesOfLongsKeepTheirPlaces() {
        long[] values = {Long.MAX_VALUE, 0, -1, Long.MIN_VALUE, 1, Long.MIN_VALUE + 1, -1, Long.MAX_VALUE};
        check(new int[values.length], 1, KeyColumn.ofLongs(1, values.length, values));
    }

    @Test
    void byteStringsComeOutInUnsignedOrderAndEqualOnesAsTheyCame() {
        for (int round = 0; round < 40; round++) {
            // 24 rows and fewer are inserted, more are merged
            int n = random.nextInt(round < 10 ? 30 : 700);
            byte[] bytes = new byte[n * 3];
            random.nextBytes(bytes);
            int letters = 1 + random.nextInt(255);
            int[] offsets = new int[n + 1];
            for (int i = 0; i < n; i++) {
                offsets[i + 1] = offsets[i] + random.nextInt(4);
            }
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (128 + (bytes[i] & 0xFF) % letters);
            }
            int groupCount = 1 + random.nextInt(4);
            check(groups(n, groupCount), groupCount, KeyColumn.ofBytes(n, bytes, offsets));
        }
    }

    @Test
    void withoutKeysRowsOfAGroupStayInArrivalOrder() {
        for (int round = 0; round < 20; round++) {
            int groupCount = 1 + random.nextInt(50);
            check(groups(random.nextInt(400), groupCount), groupCount, null);
        }
    }
}
