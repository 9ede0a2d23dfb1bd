package io.streamhouse.spec.key;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Normalises columns to keys and back. Immutable, thread-safe.
 *
 * <p>Byte form, column after column: BOOLEAN, integers, dates, times, timestamps and short decimals are 8 bytes
 * big-endian with the sign bit flipped (so that a key keeps its bytes when INT is widened to BIGINT); wide decimals 16
 * bytes the same way; text and binary have 00 escaped as 00 FF and end with 00 00. A partition tuple has a byte before
 * each column: 00 null, 01 value.
 *
 * @see "spec/table.md, section Keys"
 */
public final class KeyEncoder {
    private final List<DataType> types;
    private final List<String> names;
    private final int words;

    private KeyEncoder(List<Field> columns) {
        this.types = columns.stream().map(Field::type).toList();
        this.names = columns.stream().map(Field::name).toList();
        boolean fixed = types.stream().allMatch(KeyEncoder::isLong);
        this.words = fixed && types.size() <= 2 ? types.size() : 0;
    }

    /** An encoder of the given key columns. */
    public static KeyEncoder of(List<Field> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a key needs columns");
        }
        for (Field f : columns) {
            if (!f.type().isKeyType()) {
                throw new IllegalArgumentException("column '%s' %s is no key column".formatted(f.name(), f.type()));
            }
        }
        return new KeyEncoder(columns);
    }

    private static boolean isLong(DataType type) {
        return switch (type.physical()) {
            case BOOLEAN, INT, LONG -> true;
            case FLOAT, DOUBLE, BYTES -> false;
        };
    }

    /** Longs per key, 0 for byte strings. */
    public int words() {
        return words;
    }

    /** Keys of all rows of the key columns (in key order); a null is {@code NULL_KEY} naming column and row. */
    public KeyColumn keys(List<ColumnVector> columns) {
        int size = checkColumns(columns);
        checkNoNulls(columns, size);
        if (words > 0) {
            long[] out = new long[size * words];
            for (int c = 0; c < words; c++) {
                copyLongs(columns.get(c), out, c, words);
            }
            return KeyColumn.ofLongs(words, size, out);
        }
        ColumnBuilder.OfBytes out = new ColumnBuilder.OfBytes();
        ByteSink sink = new ByteSink();
        for (int row = 0; row < size; row++) {
            sink.clear();
            for (int c = 0; c < types.size(); c++) {
                sink.value(types.get(c), columns.get(c), row);
            }
            out.append(sink.bytes, 0, sink.size);
        }
        ColumnVector.Bytes v = (ColumnVector.Bytes) out.build();
        return KeyColumn.ofBytes(size, v.data(), v.offsets());
    }

    /** Rows of the columns, which must be those of this encoder. */
    private int checkColumns(List<ColumnVector> columns) {
        boolean fit = columns.size() == types.size();
        for (int c = 0; fit && c < types.size(); c++) {
            fit = columns.get(c).physical() == types.get(c).physical()
                    && columns.get(c).size() == columns.get(0).size();
        }
        if (!fit) {
            throw new IllegalArgumentException("columns %s for a key of %s"
                    .formatted(columns.stream().map(ColumnVector::physical).toList(), types));
        }
        return columns.get(0).size();
    }

    private void checkNoNulls(List<ColumnVector> columns, int size) {
        for (int c = 0; c < columns.size(); c++) {
            ColumnVector v = columns.get(c);
            for (int row = 0; v.hasNulls() && row < size; row++) {
                if (v.isNull(row)) {
                    throw new StreamhouseException(
                            ErrorCode.NULL_KEY, "key column '%s' is NULL in row %d".formatted(names.get(c), row));
                }
            }
        }
    }

    private static void copyLongs(ColumnVector column, long[] out, int first, int stride) {
        int size = column.size();
        switch (column.physical()) {
            case BOOLEAN -> {
                byte[] v = ((ColumnVector.Booleans) column).values();
                for (int i = 0; i < size; i++) {
                    out[i * stride + first] = v[i];
                }
            }
            case INT -> {
                int[] v = ((ColumnVector.Ints) column).values();
                for (int i = 0; i < size; i++) {
                    out[i * stride + first] = v[i];
                }
            }
            case LONG -> {
                long[] v = ((ColumnVector.Longs) column).values();
                for (int i = 0; i < size; i++) {
                    out[i * stride + first] = v[i];
                }
            }
            case FLOAT, DOUBLE, BYTES -> throw new IllegalArgumentException(column.physical() + " is no long key");
        }
    }

    /** Partition tuples of all rows, nulls allowed; equal neighbours share one object. */
    public Partition[] partitions(List<ColumnVector> columns) {
        int size = checkColumns(columns);
        Partition[] out = new Partition[size];
        ByteSink sink = new ByteSink();
        byte[] last = null;
        for (int row = 0; row < size; row++) {
            sink.clear();
            for (int c = 0; c < types.size(); c++) {
                if (columns.get(c).isNull(row)) {
                    sink.put((byte) 0);
                } else {
                    sink.put((byte) 1);
                    sink.value(types.get(c), columns.get(c), row);
                }
            }
            if (last != null && Arrays.equals(last, 0, last.length, sink.bytes, 0, sink.size)) {
                out[row] = out[row - 1];
            } else {
                last = Arrays.copyOf(sink.bytes, sink.size);
                out[row] = new Partition(last);
            }
        }
        return out;
    }

    /** The key columns of normalised keys, in key order; bytes that are no such key are {@code CORRUPT_FILE}. */
    public List<ColumnVector> decode(KeyColumn keys) {
        if (keys.words() != words) {
            throw new IllegalArgumentException("keys of %d words for %d".formatted(keys.words(), words));
        }
        ColumnBuilder[] out = builders();
        for (int i = 0; i < keys.size(); i++) {
            byte[] bytes = keys.canonical(i);
            decodeTuple("key", bytes, in -> {
                for (int c = 0; c < out.length; c++) {
                    decodeValue(in, types.get(c), out[c]);
                }
            });
        }
        return build(out);
    }

    /** The partition columns of a tuple, vectors of one row each; other bytes are {@code CORRUPT_FILE}. */
    public List<ColumnVector> decode(Partition partition) {
        ColumnBuilder[] out = builders();
        decodeTuple("partition tuple", partition.bytes(), in -> {
            for (int c = 0; c < out.length; c++) {
                switch (in.get()) {
                    case 0 -> out[c].appendNull();
                    case 1 -> decodeValue(in, types.get(c), out[c]);
                    default -> throw new IllegalArgumentException("null byte is neither 0 nor 1");
                }
            }
        });
        return build(out);
    }

    private void decodeTuple(String what, byte[] bytes, Consumer<ByteBuffer> decode) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            decode.accept(in);
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            throw StreamhouseException.corrupt(
                    what, "%s is no %s".formatted(HexFormat.of().formatHex(bytes), types), e);
        }
        if (in.hasRemaining()) {
            throw StreamhouseException.corrupt(
                    what, "%s is longer than %s".formatted(HexFormat.of().formatHex(bytes), types));
        }
    }

    private ColumnBuilder[] builders() {
        return types.stream().map(t -> ColumnBuilder.of(t.physical())).toArray(ColumnBuilder[]::new);
    }

    private static List<ColumnVector> build(ColumnBuilder[] builders) {
        List<ColumnVector> out = new ArrayList<>();
        for (ColumnBuilder b : builders) {
            out.add(b.build());
        }
        return out;
    }

    private static void decodeValue(ByteBuffer in, DataType type, ColumnBuilder out) {
        switch (type.physical()) {
            case BOOLEAN -> ((ColumnBuilder.OfBooleans) out).append((in.getLong() ^ Long.MIN_VALUE) != 0);
            case INT -> ((ColumnBuilder.OfInts) out).append(Math.toIntExact(in.getLong() ^ Long.MIN_VALUE));
            case LONG -> ((ColumnBuilder.OfLongs) out).append(in.getLong() ^ Long.MIN_VALUE);
            case FLOAT, DOUBLE -> throw new IllegalArgumentException(type + " is no key type");
            case BYTES -> {
                ColumnBuilder.OfBytes bytes = (ColumnBuilder.OfBytes) out;
                if (type.isWideDecimal()) {
                    byte[] wide = new byte[16];
                    in.get(wide);
                    wide[0] ^= (byte) 0x80;
                    bytes.append(wide);
                } else {
                    bytes.append(unescape(in));
                }
            }
        }
    }

    private static byte[] unescape(ByteBuffer in) {
        byte[] out = new byte[in.remaining()];
        int n = 0;
        while (true) {
            byte b = in.get();
            if (b == 0) {
                byte mark = in.get();
                if (mark == 0) {
                    return Arrays.copyOf(out, n);
                }
                if (mark != (byte) 0xFF) {
                    throw new IllegalArgumentException("byte 00 is followed by neither 00 nor FF");
                }
            }
            out[n++] = b;
        }
    }

    /** Reusable scratch for one key. */
    private static final class ByteSink {
        byte[] bytes = new byte[64];
        int size;

        void clear() {
            size = 0;
        }

        void put(byte b) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, size * 2);
            }
            bytes[size++] = b;
        }

        void put(byte[] data, int from, int to) {
            int length = to - from;
            if (length > bytes.length - size) {
                bytes = Arrays.copyOf(bytes, Math.max(size * 2, size + length));
            }
            System.arraycopy(data, from, bytes, size, length);
            size += length;
        }

        void putLong(long flipped) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                put((byte) (flipped >>> shift));
            }
        }

        void value(DataType type, ColumnVector column, int row) {
            switch (column.physical()) {
                case BOOLEAN -> putLong(((ColumnVector.Booleans) column).values()[row] ^ Long.MIN_VALUE);
                case INT -> putLong(((ColumnVector.Ints) column).values()[row] ^ Long.MIN_VALUE);
                case LONG -> putLong(((ColumnVector.Longs) column).values()[row] ^ Long.MIN_VALUE);
                case FLOAT, DOUBLE -> throw new IllegalArgumentException(column.physical() + " is no key type");
                case BYTES -> {
                    if (type.isWideDecimal()) {
                        wide((ColumnVector.Bytes) column, row);
                    } else {
                        escaped((ColumnVector.Bytes) column, row);
                    }
                }
            }
        }

        void wide(ColumnVector.Bytes column, int row) {
            int start = column.offsets()[row];
            put((byte) (column.data()[start] ^ 0x80));
            for (int i = 1; i < 16; i++) {
                put(column.data()[start + i]);
            }
        }

        void escaped(ColumnVector.Bytes column, int row) {
            int start = column.offsets()[row];
            int end = column.offsets()[row + 1];
            int from = start;
            for (int i = start; i < end; i++) {
                if (column.data()[i] == 0) {
                    put(column.data(), from, i + 1);
                    put((byte) 0xFF);
                    from = i + 1;
                }
            }
            put(column.data(), from, end);
            put((byte) 0);
            put((byte) 0);
        }
    }
}
