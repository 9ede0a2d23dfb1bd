package io.streamhouse.spec.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.codec.digest.MurmurHash3;
import org.junit.jupiter.api.Test;

class BucketingTest {
    /** So many buckets that the bucket is the hash without its sign. */
    private static final int ALL = Integer.MAX_VALUE;

    private static List<ColumnVector> columns(List<Field> fields, Row... rows) {
        List<ColumnBuilder> builders = new ArrayList<>();
        fields.forEach(f -> builders.add(ColumnBuilder.of(f.type().physical())));
        RowViews views = RowViews.of(fields, List.of());
        for (Row row : rows) {
            RowView view = views.view(row);
            for (int c = 0; c < builders.size(); c++) {
                builders.get(c).append(view, c);
            }
        }
        return builders.stream().map(ColumnBuilder::build).toList();
    }

    private static int bucket(DataType type, Object value, int buckets) {
        List<Field> fields = List.of(new Field(1, "k", type, true));
        return new Bucketing(fields, buckets).buckets(columns(fields, Row.of(value)), 1)[0];
    }

    private static void hashes(DataType type, Object value, int published) {
        int positive = published & Integer.MAX_VALUE;
        assertEquals(positive % ALL, bucket(type, value, ALL), () -> type + " " + value);
        assertEquals(positive % 16, bucket(type, value, 16), () -> type + " " + value);
    }

    @Test
    void singleColumnsHashAsIcebergPublishes() {
        // the values of appendix B of the Iceberg table specification
        hashes(DataType.integer(), 34, 2017239379);
        hashes(DataType.bigint(), 34L, 2017239379);
        hashes(DataType.decimal(9, 2), new BigDecimal("14.20"), -500754589);
        hashes(DataType.decimal(38, 2), new BigDecimal("14.20"), -500754589);
        hashes(DataType.date(), LocalDate.of(2017, 11, 16), -653330422);
        hashes(new DataType(TypeRoot.TIME, 0, 0), LocalTime.of(22, 31, 8), -662762989);
        LocalDateTime time = LocalDateTime.of(2017, 11, 16, 22, 31, 8);
        hashes(DataType.timestamp(6), time, -2047944441);
        hashes(DataType.timestamp(9), time, -2047944441);
        hashes(new DataType(TypeRoot.TIMESTAMP_LTZ, 6, 0), time.toInstant(ZoneOffset.UTC), -2047944441);
        hashes(DataType.string(), "iceberg", 1210000089);
        hashes(DataType.bytes(), new byte[] {0, 1, 2, 3}, -188683207);
        hashes(DataType.timestamp(9), LocalDateTime.of(2017, 11, 16, 22, 31, 8, 1001), -1207196810);
        hashes(DataType.of(TypeRoot.TINYINT), (byte) 34, 2017239379);
    }

    @Test
    void widthOfIntegersAndDecimalsDoesNotMatter() {
        Random random = Seeds.random("BucketingTest.width");
        for (int i = 0; i < 500; i++) {
            int value = random.nextInt();
            assertEquals(bucket(DataType.integer(), value, ALL), bucket(DataType.bigint(), (long) value, ALL));
            BigDecimal decimal =
                    new BigDecimal(BigInteger.valueOf(random.nextLong() % 1_000_000_000L >> random.nextInt(30)), 3);
            assertEquals(bucket(DataType.decimal(18, 3), decimal, ALL), bucket(DataType.decimal(30, 3), decimal, ALL));
        }
    }

    @Test
    void decimalsHashTheirShortestTwosComplement() {
        Random random = Seeds.random("BucketingTest.decimals");
        for (int i = 0; i < 500; i++) {
            BigInteger unscaled = new BigInteger(random.nextInt(120), random)
                    .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1));
            byte[] minimal = unscaled.toByteArray();
            int expected = MurmurHash3.hash32x86(minimal, 0, minimal.length, 0);
            hashes(DataType.decimal(38, 0), new BigDecimal(unscaled), expected);
            long small = unscaled.longValue() >> 6;
            byte[] minimalSmall = BigInteger.valueOf(small).toByteArray();
            if (Math.abs(small) < 1_000_000_000_000_000_000L) {
                hashes(
                        DataType.decimal(18, 0),
                        BigDecimal.valueOf(small),
                        MurmurHash3.hash32x86(minimalSmall, 0, minimalSmall.length, 0));
            }
        }
    }

    @Test
    void severalColumnsHashTheirBytesOneAfterTheOther() {
        List<Field> fields =
                List.of(new Field(1, "a", DataType.string(), true), new Field(2, "b", DataType.bytes(), true));
        List<ColumnVector> columns = columns(
                fields,
                Row.of("ice", "berg".getBytes(StandardCharsets.UTF_8)),
                Row.of("iceberg", null),
                Row.of(null, null));
        assertArrayEquals(
                new int[] {1210000089 % 97, 1210000089 % 97, 0}, new Bucketing(fields, 97).buckets(columns, 3));
    }

    @Test
    void withoutBucketKeyEverythingIsInBucketZero() {
        assertArrayEquals(new int[3], new Bucketing(List.of(), 8).buckets(List.of(), 3));
        assertThrows(IllegalArgumentException.class, () -> new Bucketing(List.of(), 0));
    }
}
