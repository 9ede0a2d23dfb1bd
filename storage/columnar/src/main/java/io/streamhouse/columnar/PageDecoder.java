package io.streamhouse.columnar;

import io.streamhouse.columnar.encoding.ByteSource;
import io.streamhouse.columnar.encoding.CorruptEncodingException;
import io.streamhouse.columnar.encoding.DeltaPacked;
import io.streamhouse.columnar.encoding.RunLength;
import io.streamhouse.spec.column.ColumnVector;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Turns page bodies of one column chunk into vectors. One thread. */
final class PageDecoder {
    private static final int WIDE_DECIMAL_BYTES = 16;
    /** Most bytes that the byte strings of one page may have in memory. */
    private static final int MAX_VECTOR_BYTES = 128 << 20;

    private final ParquetColumn column;
    private int dictionarySize = -1;
    private int[] dictionaryInts;
    private long[] dictionaryLongs;
    private byte[] dictionaryData;
    private int[] dictionaryOffsets;
    private int longestEntry;

    PageDecoder(ParquetColumn column) {
        this.column = column;
    }

    /** Bytes of the longest byte string of the dictionary. */
    int longestEntry() {
        return longestEntry;
    }

    void readDictionary(byte[] bytes, int from, int end, int count) {
        if (count < 0 || count > end - from) {
            throw new CorruptEncodingException("dictionary of %d entries in %d bytes".formatted(count, end - from));
        }
        ByteSource source = new ByteSource(bytes, from, end);
        if (column.isBytes()) {
            ColumnVector.Bytes entries = plainBytes(source, null, count, count);
            dictionaryData = entries.data();
            dictionaryOffsets = entries.offsets();
            for (int i = 0; i < count; i++) {
                longestEntry = Math.max(longestEntry, dictionaryOffsets[i + 1] - dictionaryOffsets[i]);
            }
        } else if (column.numberBytes() == 4) {
            dictionaryInts = new int[count];
            plainInts(source, dictionaryInts, count);
        } else if (column.numberBytes() == 8) {
            dictionaryLongs = new long[count];
            plainLongs(source, dictionaryLongs, count);
        } else {
            throw new CorruptEncodingException("dictionary of a BOOLEAN column");
        }
        requireEnd(source);
        dictionarySize = count;
    }

    ColumnVector decode(Encoding encoding, byte[] bytes, int from, int end, int rows) {
        ByteSource source = new ByteSource(bytes, from, end);
        long[] nulls = null;
        int count = rows;
        if (column.optional()) {
            int length = source.takeInt();
            int start = source.take(length);
            ByteSource levels = new ByteSource(bytes, start, start + length);
            nulls = RunLength.readLevels(levels, rows);
            requireEnd(levels);
            if (nulls != null) {
                for (long word : nulls) {
                    count -= Long.bitCount(word);
                }
            }
        }
        ColumnVector vector = column.isBytes()
                ? decodeBytes(encoding, source, nulls, rows, count)
                : decodeNumbers(encoding, source, nulls, rows, count);
        requireEnd(source);
        return vector;
    }

    private ColumnVector decodeNumbers(Encoding encoding, ByteSource source, long[] nulls, int rows, int count) {
        if (column.primitive() == PrimitiveTypeName.BOOLEAN) {
            return booleans(encoding, source, nulls, rows, count);
        }
        if (column.numberBytes() == 4) {
            int[] values = new int[rows];
            switch (encoding) {
                case PLAIN -> plainInts(source, values, count);
                case DELTA_BINARY_PACKED -> {
                    requireInteger(encoding);
                    DeltaPacked.read(source, count, values);
                }
                case RLE_DICTIONARY, PLAIN_DICTIONARY -> {
                    readIds(source, values, count);
                    for (int i = 0; i < count; i++) {
                        values[i] = dictionaryInts[values[i]];
                    }
                }
                default -> throw unknown(encoding);
            }
            spread(values, nulls, rows, count);
            return fromInts(values, nulls, rows);
        }
        long[] values = new long[rows];
        switch (encoding) {
            case PLAIN -> plainLongs(source, values, count);
            case DELTA_BINARY_PACKED -> {
                requireInteger(encoding);
                DeltaPacked.read(source, count, values);
            }
            case RLE_DICTIONARY, PLAIN_DICTIONARY -> {
                int[] ids = new int[count];
                readIds(source, ids, count);
                for (int i = 0; i < count; i++) {
                    values[i] = dictionaryLongs[ids[i]];
                }
            }
            default -> throw unknown(encoding);
        }
        spread(values, nulls, rows, count);
        return fromLongs(values, nulls, rows);
    }

    private ColumnVector fromInts(int[] values, long[] nulls, int rows) {
        return switch (column.memory()) {
            case INT -> new ColumnVector.Ints(rows, nulls, values);
            case LONG -> {
                long[] wide = new long[rows];
                for (int i = 0; i < rows; i++) {
                    wide[i] = values[i];
                }
                yield new ColumnVector.Longs(rows, nulls, wide);
            }
            case FLOAT -> {
                float[] reals = new float[rows];
                for (int i = 0; i < rows; i++) {
                    reals[i] = Float.intBitsToFloat(values[i]);
                }
                yield new ColumnVector.Floats(rows, nulls, reals);
            }
            case BOOLEAN, DOUBLE, BYTES -> throw new IllegalStateException("4-byte numbers of " + column.memory());
        };
    }

    private ColumnVector fromLongs(long[] values, long[] nulls, int rows) {
        if (column.primitive() == PrimitiveTypeName.INT64) {
            return new ColumnVector.Longs(rows, nulls, values);
        }
        double[] reals = new double[rows];
        for (int i = 0; i < rows; i++) {
            reals[i] = Double.longBitsToDouble(values[i]);
        }
        return new ColumnVector.Doubles(rows, nulls, reals);
    }

    private ColumnVector booleans(Encoding encoding, ByteSource source, long[] nulls, int rows, int count) {
        if (encoding != Encoding.PLAIN) {
            throw unknown(encoding);
        }
        int[] bits = new int[rows];
        source.takePacked(1, count, bits, 0);
        spread(bits, nulls, rows, count);
        byte[] values = new byte[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = (byte) bits[i];
        }
        return new ColumnVector.Booleans(rows, nulls, values);
    }

    private static void plainInts(ByteSource source, int[] out, int count) {
        int at = source.take(4L * count);
        for (int i = 0; i < count; i++, at += 4) {
            out[i] = source.intAt(at);
        }
    }

    private static void plainLongs(ByteSource source, long[] out, int count) {
        int at = source.take(8L * count);
        for (int i = 0; i < count; i++, at += 8) {
            out[i] = source.longAt(at);
        }
    }

    /** Reads ids below the dictionary's size. */
    private void readIds(ByteSource source, int[] ids, int count) {
        if (dictionarySize < 0) {
            throw new CorruptEncodingException("dictionary ids without a dictionary");
        }
        RunLength.read(source, source.takeByte(), count, ids);
        int or = 0;
        int max = 0;
        for (int i = 0; i < count; i++) {
            or |= ids[i];
            max = Math.max(max, ids[i]);
        }
        if (count > 0 && (or < 0 || max >= dictionarySize)) {
            throw new CorruptEncodingException("dictionary id %d of %d entries".formatted(max, dictionarySize));
        }
    }

    /** Moves values that stand without gaps to their rows, from the last to the first. */
    private static void spread(int[] values, long[] nulls, int rows, int count) {
        if (nulls == null) {
            return;
        }
        int from = count - 1;
        for (int row = rows - 1; row >= 0; row--) {
            values[row] = isNull(nulls, row) ? 0 : values[from--];
        }
    }

    private static void spread(long[] values, long[] nulls, int rows, int count) {
        if (nulls == null) {
            return;
        }
        int from = count - 1;
        for (int row = rows - 1; row >= 0; row--) {
            values[row] = isNull(nulls, row) ? 0 : values[from--];
        }
    }

    /** Like {@link #spread(int[], long[], int, int)} for the offsets of byte strings: a null is an empty range. */
    private static void spreadOffsets(int[] offsets, long[] nulls, int rows, int count) {
        if (nulls == null) {
            return;
        }
        int from = count;
        offsets[rows] = offsets[from];
        for (int row = rows - 1; row >= 0; row--) {
            from -= isNull(nulls, row) ? 0 : 1;
            offsets[row] = offsets[from];
        }
    }

    private static boolean isNull(long[] nulls, int row) {
        return (nulls[row >>> 6] & (1L << row)) != 0;
    }

    private ColumnVector decodeBytes(Encoding encoding, ByteSource source, long[] nulls, int rows, int count) {
        return switch (encoding) {
            case PLAIN -> plainBytes(source, nulls, rows, count);
            case DELTA_LENGTH_BYTE_ARRAY -> deltaLengthBytes(source, nulls, rows, count);
            case RLE_DICTIONARY, PLAIN_DICTIONARY -> dictionaryBytes(source, nulls, rows, count);
            default -> throw unknown(encoding);
        };
    }

    private ColumnVector.Bytes plainBytes(ByteSource source, long[] nulls, int rows, int count) {
        int[] offsets = new int[rows + 1];
        byte[] data;
        int fixed = column.fixedLength();
        if (fixed > 0) {
            if ((long) count * WIDE_DECIMAL_BYTES > MAX_VECTOR_BYTES) {
                throw new CorruptEncodingException("page of %d decimals".formatted(count));
            }
            int at = source.take((long) count * fixed);
            data = new byte[count * WIDE_DECIMAL_BYTES];
            for (int i = 0; i < count; i++, at += fixed) {
                int end = (i + 1) * WIDE_DECIMAL_BYTES;
                Arrays.fill(data, i * WIDE_DECIMAL_BYTES, end - fixed, (byte) (source.array()[at] >> 7));
                System.arraycopy(source.array(), at, data, end - fixed, fixed);
                offsets[i + 1] = end;
            }
        } else {
            data = new byte[Math.max(0, source.remaining() - 4 * count)];
            for (int i = 0; i < count; i++) {
                int length = source.takeInt();
                int at = source.take(length);
                if (length > data.length - offsets[i]) {
                    throw new CorruptEncodingException("byte strings of more than %d bytes".formatted(data.length));
                }
                System.arraycopy(source.array(), at, data, offsets[i], length);
                offsets[i + 1] = offsets[i] + length;
            }
        }
        spreadOffsets(offsets, nulls, rows, count);
        return new ColumnVector.Bytes(rows, nulls, data, offsets);
    }

    /** The strings are not copied: the vector is a view of the page. */
    private ColumnVector deltaLengthBytes(ByteSource source, long[] nulls, int rows, int count) {
        if (column.fixedLength() > 0) {
            throw unknown(Encoding.DELTA_LENGTH_BYTE_ARRAY);
        }
        int[] offsets = new int[rows + 1];
        DeltaPacked.read(source, count, offsets);
        int end = source.position();
        int limit = source.end();
        for (int i = 0; i < count; i++) {
            int length = offsets[i];
            if (length < 0 || length > limit - end) {
                throw new CorruptEncodingException(
                        "byte string of %d bytes, %d are left".formatted(length, limit - end));
            }
            offsets[i] = end;
            end += length;
        }
        offsets[count] = end;
        source.take(end - source.position());
        spreadOffsets(offsets, nulls, rows, count);
        return new ColumnVector.Bytes(rows, nulls, source.array(), offsets);
    }

    private ColumnVector dictionaryBytes(ByteSource source, long[] nulls, int rows, int count) {
        int[] ids = new int[count];
        readIds(source, ids, count);
        int[] offsets = new int[rows + 1];
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += dictionaryOffsets[ids[i] + 1] - dictionaryOffsets[ids[i]];
            if (total > MAX_VECTOR_BYTES) {
                throw new CorruptEncodingException(
                        "page of more than %d bytes of byte strings".formatted(MAX_VECTOR_BYTES));
            }
            offsets[i + 1] = (int) total;
        }
        byte[] data = new byte[(int) total];
        for (int i = 0; i < count; i++) {
            System.arraycopy(dictionaryData, dictionaryOffsets[ids[i]], data, offsets[i], offsets[i + 1] - offsets[i]);
        }
        spreadOffsets(offsets, nulls, rows, count);
        return new ColumnVector.Bytes(rows, nulls, data, offsets);
    }

    private void requireInteger(Encoding encoding) {
        if (!column.isInteger()) {
            throw unknown(encoding);
        }
    }

    private CorruptEncodingException unknown(Encoding encoding) {
        return new CorruptEncodingException(
                "encoding %s of a column of type %s".formatted(encoding, column.primitive()));
    }

    private static void requireEnd(ByteSource source) {
        if (source.remaining() != 0) {
            throw new CorruptEncodingException("%d bytes are left over".formatted(source.remaining()));
        }
    }
}
