package io.streamhouse.benchmarks;

import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The data set {@code orders}: 16 columns, every row a pure function of seed, sequence number and key. A reused row view,
 * no objects per row but the random text. One thread.
 */
final class OrderRows implements RowView {
    static final List<Field> FIELDS = List.of(
            new Field(1, "id", DataType.bigint(), false),
            new Field(2, "user_id", DataType.bigint(), true),
            new Field(3, "shop_id", DataType.integer(), true),
            new Field(4, "sku", DataType.string(), true),
            new Field(5, "status", DataType.string(), true),
            new Field(6, "city", DataType.string(), true),
            new Field(7, "price", DataType.decimal(12, 2), true),
            new Field(8, "quantity", DataType.integer(), true),
            new Field(9, "discount", DataType.of(TypeRoot.DOUBLE), true),
            new Field(10, "tracking", DataType.string(), true),
            new Field(11, "created_at", DataType.timestamp(3), true),
            new Field(12, "updated_at", DataType.timestamp(3), true),
            new Field(13, "is_paid", DataType.bool(), true),
            new Field(14, "channel", DataType.string(), true),
            new Field(15, "note", DataType.string(), true),
            new Field(16, "version", DataType.integer(), true));

    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final byte[] LETTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".getBytes(StandardCharsets.US_ASCII);

    private final long seed;
    private final byte[][] skus = names("sku-", 10_000);
    private final byte[][] statuses = names("status-", 5);
    private final byte[][] cities = names("city-", 300);
    private final byte[][] channels = names("channel-", 20);
    private long sequence;
    private long key;
    private long ofKey;
    private long ofRow;

    OrderRows(long seed) {
        this.seed = seed;
    }

    private static byte[][] names(String prefix, int n) {
        byte[][] out = new byte[n][];
        for (int i = 0; i < n; i++) {
            out[i] = (prefix + i).getBytes(StandardCharsets.US_ASCII);
        }
        return out;
    }

    /** The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
    static long mix(long x) {
        long z = x + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Moves to the row of a sequence number and key. */
    OrderRows at(long sequenceNumber, long rowKey) {
        sequence = sequenceNumber;
        key = rowKey;
        ofKey = mix(seed ^ rowKey);
        ofRow = mix(ofKey ^ sequenceNumber);
        return this;
    }

    private int pick(long random, int shift, int n) {
        return (int) ((random >>> shift & 0xFFFFF) * n >>> 20);
    }

    @Override
    public boolean isNull(int column) {
        return column == 14 && pick(ofRow, 3, 10) < 6;
    }

    @Override
    public boolean getBoolean(int column) {
        return (ofRow & 1) == 1;
    }

    @Override
    public int getInt(int column) {
        return switch (column) {
            case 2 -> pick(ofKey, 7, 1000);
            case 7 -> 1 + pick(ofRow, 11, 20);
            default -> (int) (sequence & 0xFFFF);
        };
    }

    @Override
    public long getLong(int column) {
        return switch (column) {
            case 0 -> key;
            case 1 -> ofKey >>> 44;
            case 6 -> 100 + pick(ofRow, 5, 100_000);
            case 10 -> START_MICROS + key * 1000;
            default -> START_MICROS + sequence * 1000;
        };
    }

    @Override
    public float getFloat(int column) {
        throw new IllegalArgumentException("no FLOAT column");
    }

    @Override
    public double getDouble(int column) {
        return pick(ofRow, 9, 30) / 100.0;
    }

    @Override
    public byte[] getBytes(int column) {
        return switch (column) {
            case 3 -> skus[pick(ofKey, 20, skus.length)];
            case 4 -> statuses[pick(ofRow, 20, statuses.length)];
            case 5 -> cities[pick(ofKey, 30, cities.length)];
            case 13 -> channels[pick(ofKey, 40, channels.length)];
            case 9 -> text(24, ofKey);
            default -> text(30 + pick(ofRow, 17, 31), ofRow);
        };
    }

    private static byte[] text(int length, long random) {
        byte[] out = new byte[length];
        long x = random;
        for (int i = 0; i < length; i++) {
            if (i % 8 == 0) {
                x = mix(x);
            }
            out[i] = LETTERS[(int) ((x >>> (8 * (i % 8)) & 0xFF) * LETTERS.length >>> 8)];
        }
        return out;
    }
}
