package io.streamhouse.columnar;

import com.github.luben.zstd.Zstd;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Bytes of data pages (version 1) of one column: definition levels as RLE when the column is nullable, integers as
 * DELTA_BINARY_PACKED without compression, everything else PLAIN under zstd-1. One thread.
 */
final class ParquetPages {
    private static final int DELTA_BLOCK = 128;
    private static final int DELTA_MINI_BLOCKS = 4;
    private static final int SLAB_BYTES = 4096;
    private static final int MAX_SLAB_BYTES = 64 << 20;
    private static final int ZSTD_LEVEL = 1;

    private final Field field;
    private final PrimitiveType type;
    private final boolean delta;

    ParquetPages(Field field, PrimitiveType type) {
        this.field = field;
        this.type = type;
        PrimitiveTypeName name = type.getPrimitiveTypeName();
        this.delta = name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64;
    }

    /**
     * An encoded page.
     *
     * @param rows rows in it, nulls included
     * @param plainBytes bytes before compression
     * @param bytes bytes as they stand in the file
     * @param statistics bounds for the page index
     */
    record Page(int rows, int plainBytes, byte[] bytes, Statistics<?> statistics) {}

    PhysicalType physical() {
        return field.type().physical();
    }

    CompressionCodecName codec() {
        return delta ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.ZSTD;
    }

    Encoding encoding() {
        return delta ? Encoding.DELTA_BINARY_PACKED : Encoding.PLAIN;
    }

    Page encode(ColumnVector v) throws IOException {
        byte[] levels = field.nullable() ? levels(v) : new byte[0];
        byte[] values = delta ? deltaValues(v) : plainValues(v);
        byte[] plain = new byte[levels.length + values.length];
        System.arraycopy(levels, 0, plain, 0, levels.length);
        System.arraycopy(values, 0, plain, levels.length, values.length);
        byte[] stored = delta ? plain : Zstd.compress(plain, ZSTD_LEVEL);
        return new Page(v.size(), plain.length, stored, statistics(v));
    }

    private static byte[] levels(ColumnVector v) throws IOException {
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(1, SLAB_BYTES, MAX_SLAB_BYTES, new HeapByteBufferAllocator())) {
            for (int i = 0; i < v.size(); i++) {
                encoder.writeInt(v.isNull(i) ? 0 : 1);
            }
            byte[] runs = bytes(encoder.toBytes());
            return ByteBuffer.allocate(4 + runs.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(runs.length)
                    .put(runs)
                    .array();
        }
    }

    private static byte[] bytes(BytesInput input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) input.size());
        input.writeAllTo(out);
        return out.toByteArray();
    }

    private byte[] deltaValues(ColumnVector v) throws IOException {
        boolean narrow = type.getPrimitiveTypeName() == PrimitiveTypeName.INT32;
        try (ValuesWriter out = narrow
                ? new DeltaBinaryPackingValuesWriterForInteger(
                        DELTA_BLOCK, DELTA_MINI_BLOCKS, SLAB_BYTES, MAX_SLAB_BYTES, new HeapByteBufferAllocator())
                : new DeltaBinaryPackingValuesWriterForLong(
                        DELTA_BLOCK, DELTA_MINI_BLOCKS, SLAB_BYTES, MAX_SLAB_BYTES, new HeapByteBufferAllocator())) {
            for (int i = 0; i < v.size(); i++) {
                if (v.isNull(i)) {
                    continue;
                }
                long value =
                        v instanceof ColumnVector.Ints ints ? ints.values()[i] : ((ColumnVector.Longs) v).values()[i];
                if (narrow) {
                    out.writeInteger((int) value);
                } else {
                    out.writeLong(value);
                }
            }
            return bytes(out.getBytes());
        }
    }

    private byte[] plainValues(ColumnVector v) {
        ByteBuffer out = ByteBuffer.allocate(plainSize(v)).order(ByteOrder.LITTLE_ENDIAN);
        int bit = 0;
        for (int i = 0; i < v.size(); i++) {
            if (v.isNull(i)) {
                continue;
            }
            switch (v.physical()) {
                case BOOLEAN -> {
                    int at = bit >>> 3;
                    out.put(at, (byte) (out.get(at) | (((ColumnVector.Booleans) v).values()[i] << (bit & 7))));
                    bit++;
                }
                case FLOAT -> out.putFloat(((ColumnVector.Floats) v).values()[i]);
                case DOUBLE -> out.putDouble(((ColumnVector.Doubles) v).values()[i]);
                case BYTES -> {
                    ColumnVector.Bytes b = (ColumnVector.Bytes) v;
                    int length = b.offsets()[i + 1] - b.offsets()[i];
                    if (!field.type().isWideDecimal()) {
                        out.putInt(length);
                    }
                    out.put(b.data(), b.offsets()[i], length);
                }
                case INT, LONG -> throw new IllegalStateException(v.physical() + " is delta encoded");
            }
        }
        return out.array();
    }

    private int plainSize(ColumnVector v) {
        int count = 0;
        long bytes = 0;
        for (int i = 0; i < v.size(); i++) {
            if (!v.isNull(i)) {
                count++;
                if (v instanceof ColumnVector.Bytes b) {
                    bytes += b.offsets()[i + 1] - b.offsets()[i];
                }
            }
        }
        return switch (v.physical()) {
            case BOOLEAN -> (count + 7) / 8;
            case FLOAT -> 4 * count;
            case DOUBLE -> 8 * count;
            case BYTES -> Math.toIntExact(bytes + (field.type().isWideDecimal() ? 0 : 4L * count));
            case INT, LONG -> throw new IllegalStateException(v.physical() + " is delta encoded");
        };
    }

    private Statistics<?> statistics(ColumnVector v) {
        ColumnRange range = new ColumnRange(field.type());
        range.add(v);
        Statistics.Builder builder = Statistics.getBuilderForReading(type).withNumNulls(range.nulls());
        if (range.hasBounds()) {
            switch (type.getPrimitiveTypeName()) {
                case BOOLEAN ->
                    bounds(builder, new byte[] {(byte) range.minLong()}, new byte[] {(byte) range.maxLong()});
                case INT32 ->
                    bounds(
                            builder,
                            littleEndian(4).putInt((int) range.minLong()).array(),
                            littleEndian(4).putInt((int) range.maxLong()).array());
                case INT64 ->
                    bounds(
                            builder,
                            littleEndian(8).putLong(range.minLong()).array(),
                            littleEndian(8).putLong(range.maxLong()).array());
                case FLOAT ->
                    bounds(
                            builder,
                            littleEndian(4).putFloat((float) range.minDouble()).array(),
                            littleEndian(4).putFloat((float) range.maxDouble()).array());
                case DOUBLE ->
                    bounds(
                            builder,
                            littleEndian(8).putDouble(range.minDouble()).array(),
                            littleEndian(8).putDouble(range.maxDouble()).array());
                case BINARY, FIXED_LEN_BYTE_ARRAY -> bounds(builder, range.minBytes(), range.maxBytes());
                case INT96 -> throw new IllegalStateException("INT96 is never written");
            }
        }
        return builder.build();
    }

    private static void bounds(Statistics.Builder builder, byte[] min, byte[] max) {
        builder.withMin(min).withMax(max);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Decodes a page of {@code rows} rows from its uncompressed bytes. */
    ColumnVector decode(byte[] plain, int rows, Encoding encoding) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        boolean[] present = null;
        int count = rows;
        if (field.nullable()) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IOException("definition levels of %d bytes in %d".formatted(length, in.remaining()));
            }
            present = new boolean[rows];
            count = readLevels(plain, in.position(), length, present);
            in.position(in.position() + length);
        }
        return switch (encoding) {
            case DELTA_BINARY_PACKED -> decodeDelta(in, rows, present, count);
            case PLAIN -> decodePlain(in, rows, present);
            default -> throw new IOException("encoding %s is not one of ours".formatted(encoding));
        };
    }

    private static int readLevels(byte[] plain, int from, int length, boolean[] present) throws IOException {
        RunLengthBitPackingHybridDecoder decoder =
                new RunLengthBitPackingHybridDecoder(1, new ByteArrayInputStream(plain, from, length));
        int count = 0;
        for (int i = 0; i < present.length; i++) {
            present[i] = decoder.readInt() == 1;
            count += present[i] ? 1 : 0;
        }
        return count;
    }

    private ColumnVector decodeDelta(ByteBuffer in, int rows, boolean[] present, int count) throws IOException {
        DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
        if (count > 0) {
            reader.initFromPage(count, ByteBufferInputStream.wrap(in.slice()));
        }
        boolean narrow = type.getPrimitiveTypeName() == PrimitiveTypeName.INT32;
        ColumnBuilder out = ColumnBuilder.of(field.type().physical());
        for (int i = 0; i < rows; i++) {
            if (present != null && !present[i]) {
                out.appendNull();
                continue;
            }
            long value = narrow ? reader.readInteger() : reader.readLong();
            if (out instanceof ColumnBuilder.OfInts ints) {
                ints.append((int) value);
            } else {
                ((ColumnBuilder.OfLongs) out).append(value);
            }
        }
        return out.build();
    }

    private ColumnVector decodePlain(ByteBuffer in, int rows, boolean[] present) throws IOException {
        ColumnBuilder out = ColumnBuilder.of(field.type().physical());
        int base = in.position();
        int bit = 0;
        for (int i = 0; i < rows; i++) {
            if (present != null && !present[i]) {
                out.appendNull();
                continue;
            }
            switch (field.type().physical()) {
                case BOOLEAN -> {
                    ((ColumnBuilder.OfBooleans) out).append(((in.get(base + (bit >>> 3)) >>> (bit & 7)) & 1) == 1);
                    bit++;
                }
                case FLOAT -> ((ColumnBuilder.OfFloats) out).append(in.getFloat());
                case DOUBLE -> ((ColumnBuilder.OfDoubles) out).append(in.getDouble());
                case BYTES -> {
                    int length = field.type().isWideDecimal() ? 16 : in.getInt();
                    if (length < 0 || length > in.remaining()) {
                        throw new IOException("value of %d bytes in %d".formatted(length, in.remaining()));
                    }
                    ((ColumnBuilder.OfBytes) out).append(in.array(), in.position(), length);
                    in.position(in.position() + length);
                }
                case INT, LONG -> throw new IOException("PLAIN integers are not ours");
            }
        }
        return out.build();
    }
}
