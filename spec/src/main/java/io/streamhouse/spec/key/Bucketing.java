package io.streamhouse.spec.key;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.math.BigInteger;
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
                    case DECIMAL -> putDecimal(BigInteger.valueOf(value).toByteArray(), out, at);
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
                    yield putDecimal(new BigInteger(b.data(), start, length).toByteArray(), out, at);
                }
                System.arraycopy(b.data(), start, out, at, length);
                yield at + length;
            }
        };
    }

    private static int putDecimal(byte[] minimal, byte[] out, int at) {
        System.arraycopy(minimal, 0, out, at, minimal.length);
        return at + minimal.length;
    }

    private static int putLittleEndian(long value, byte[] out, int at) {
        for (int i = 0; i < 8; i++) {
            out[at + i] = (byte) (value >>> (8 * i));
        }
        return at + 8;
    }
}
