package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowHashTest {
    private static final long SEED = Long.getLong("streamhouse.seed", 7);

    private final RowBytes bytes = new RowBytes();

    @Test
    void equalValuesOfOtherClassesAndScalesGiveEqualBytes() {
        assertEquals(digest(List.<Object[]>of(row(1L, "a"))), digest(List.<Object[]>of(row(1, "a"))));
        assertEquals(
                digest(List.<Object[]>of(row(new BigDecimal("1.50")))),
                digest(List.<Object[]>of(row(new BigDecimal("1.5000")))));
        assertEquals(
                digest(List.<Object[]>of(row(new BigDecimal("0.00")))),
                digest(List.<Object[]>of(row(BigDecimal.ZERO))));
    }

    @Test
    void differentRowsGiveDifferentHashes() {
        List<Object[]> rows = List.of(
                row(1L, 2L),
                row(2L, 1L),
                row(1L, null),
                row(null, 1L),
                row("", null),
                row(null, ""),
                row("1", "2"),
                row("12", ""),
                row("", "12"),
                row(LocalDate.ofEpochDay(1), 2L),
                row(new BigDecimal("1"), 2L),
                row(new BigDecimal("0.1"), 2L),
                row(0L, 0L),
                row(0L, 0L, 0L));
        Set<TableDigest> digests = new HashSet<>();
        rows.forEach(row -> digests.add(digest(List.<Object[]>of(row))));
        assertEquals(rows.size(), digests.size());
    }

    @Test
    void theHashForgetsTheOrderButNotHowOftenARowOccurs() {
        List<Object[]> rows = randomRows(200);
        TableDigest digest = digest(rows);
        Collections.shuffle(rows, new Random(SEED));
        assertEquals(digest, digest(rows));
        rows.add(rows.get(0));
        assertNotEquals(digest, digest(rows));
    }

    @Test
    void theSumIsTakenModuloTwoToThe128() {
        System.out.println("seed " + SEED);
        BigInteger modulus = BigInteger.ONE.shiftLeft(128);
        BigInteger expected = BigInteger.ZERO;
        for (Object[] row : randomRows(500)) {
            expected = expected.add(value(digest(List.<Object[]>of(row)))).mod(modulus);
        }
        assertEquals(expected, value(digest(randomRows(500))));
    }

    @Test
    void removingWhatWasAddedGivesTheHashBefore() {
        RowHash hash = new RowHash();
        List<Object[]> rows = randomRows(300);
        List<TableDigest> steps = new ArrayList<>();
        for (Object[] row : rows) {
            steps.add(hash.digest());
            bytes.encode(row);
            hash.add(bytes.array(), bytes.length());
        }
        for (int i = rows.size() - 1; i >= 0; i--) {
            bytes.encode(rows.get(i));
            hash.remove(bytes.array(), bytes.length());
            assertEquals(steps.get(i), hash.digest());
        }
    }

    @Test
    void everyBitOfEveryByteChangesBothHalves() {
        byte[] data = new byte[37];
        Set<Long> high = new HashSet<>();
        Set<Long> low = new HashSet<>();
        int flips = 0;
        for (int i = 0; i < data.length * 8; i++, flips++) {
            data[i / 8] ^= (byte) (1 << i % 8);
            RowHash hash = new RowHash();
            hash.add(data, data.length);
            high.add(hash.digest().high());
            low.add(hash.digest().low());
            data[i / 8] ^= (byte) (1 << i % 8);
        }
        assertEquals(flips, high.size());
        assertEquals(flips, low.size());
    }

    @Test
    void aDigestSurvivesItsText() {
        TableDigest digest = digest(randomRows(10));
        assertEquals(digest, TableDigest.parse(digest.text()));
        assertTrue(digest.toString().startsWith("rows:10,hash:"));
    }

    private TableDigest digest(List<Object[]> rows) {
        RowHash hash = new RowHash();
        for (Object[] row : rows) {
            bytes.encode(row);
            hash.add(bytes.array(), bytes.length());
        }
        return hash.digest();
    }

    private static BigInteger value(TableDigest digest) {
        return new BigInteger(Long.toHexString(digest.high()), 16)
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(digest.low())));
    }

    private static List<Object[]> randomRows(int count) {
        Random random = new Random(SEED);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(random.nextLong(), "text" + random.nextInt(1_000), BigDecimal.valueOf(random.nextInt(), 4)));
        }
        return rows;
    }

    private static Object[] row(Object... values) {
        return values;
    }
}
