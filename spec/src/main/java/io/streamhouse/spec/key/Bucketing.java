package io.streamhouse.spec.key;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.WideDecimal;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Bucket of each row: {@code (hash & 0x7fffffff) mod n}, hash = murmur3_x86_32, seed 0, over the bytes that Iceberg
 * hashes for the type, concatenated for several columns; one column gives exactly Iceberg's bucket transform. Immutable,
 * thread-safe.
 *
 * @see "spec/table.md, section Buckets"
 */
public final class Bucketing {
    private final List<DataType> types;
    private final int buckets;

    /**
     * @param columns bucket key columns; empty: every row is in bucket 0
     * @param buckets number of buckets, at least 1
     */
    public Bucketing(List<Field> columns, int buckets) {
        if (buckets < 1) {
            throw new IllegalArgumentException(buckets + " buckets");
        }
        this.types = columns.stream().map(Field::type).toList();
        this.buckets = buckets;
    }

    public int buckets() {
        return buckets;
    }

    /** Buckets of all rows; {@code columns} are the bucket key columns in order, a null hashes as no bytes. */
    public int[] buckets(List<ColumnVector> columns, int rowCount) {
        int[] out = new int[rowCount];
        if (types.isEmpty() || buckets == 1) {
            return out;
        }
        if (columns.size() != types.size()) {
            throw new IllegalArgumentException(
                    "%d columns for a bucket key of %d".formatted(columns.size(), types.size()));
        }
        byte[] scratch = new byte[64];
        for (int row = 0; row < rowCount; row++) {
            int length = 0;
            for (int c = 0; c < types.size(); c++) {
                ColumnVector v = columns.get(c);
                if (v.isNull(row)) {
                    continue;
                }
                int need = length + 16 + valueLength(v, row);
                if (need > scratch.length) {
                    scratch = Arrays.copyOf(scratch, need * 2);
                }
                length = putHashed(types.get(c), v, row, scratch, length);
            }
            int hash = MurmurHash3.hash32x86(scratch, 0, length, 0);
            out[row] = (hash & Integer.MAX_VALUE) % buckets;
        }
        return out;
    }

    private static int valueLength(ColumnVector v, int row) {
        return v instanceof ColumnVector.Bytes b ? b.offsets()[row + 1] - b.offsets()[row] : 8;
    }

    private static int putHashed(DataType type, ColumnVector v, int row, byte[] out, int at) {
        return switch (v.physical()) {
            case BOOLEAN -> putLittleEndian(((ColumnVector.Booleans) v).values()[row], out, at);
            case INT -> putLittleEndian(((ColumnVector.Ints) v).values()[row], out, at);
            case LONG -> {
                long value = ((ColumnVector.Longs) v).values()[row];
                yield switch (type.root()) {
                    case DECIMAL -> putShortDecimal(value, out, at);
                    // Iceberg hashes nanosecond timestamps by their microseconds
                    case TIMESTAMP, TIMESTAMP_LTZ ->
                        putLittleEndian(type.isNanos() ? Math.floorDiv(value, 1000L) : value, out, at);
                    default -> putLittleEndian(value, out, at);
                };
            }
            case FLOAT, DOUBLE -> throw new IllegalArgumentException(type + " is no bucket key type");
            case BYTES -> {
                ColumnVector.Bytes b = (ColumnVector.Bytes) v;
                int start = b.offsets()[row];
                int length = b.offsets()[row + 1] - start;
                if (type.isWideDecimal()) {
                    yield putWideDecimal(b.data(), start, out, at);
                }
                System.arraycopy(b.data(), start, out, at, length);
                yield at + length;
            }
        };
    }

    /** The shortest big-endian two's complement of the unscaled value. */
    private static int putShortDecimal(long value, byte[] out, int at) {
        int bits = 65 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
        int bytes = (bits + 7) / 8;
        for (int i = 0; i < bytes; i++) {
            out[at + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
        }
        return at + bytes;
    }

    /** The same of 16 bytes: leading bytes that only repeat the sign are dropped. */
    private static int putWideDecimal(byte[] data, int start, byte[] out, int at) {
        int first = start;
        int last = start + WideDecimal.LENGTH - 1;
        int sign = data[start] >> 7;
        while (first < last && data[first] == sign && data[first + 1] >> 7 == sign) {
            first++;
        }
        System.arraycopy(data, first, out, at, last + 1 - first);
        return at + last + 1 - first;
    }

    private static int putLittleEndian(long value, byte[] out, int at) {
        for (int i = 0; i < 8; i++) {
            out[at + i] = (byte) (value >>> (8 * i));
        }
        return at + 8;
    }
}
