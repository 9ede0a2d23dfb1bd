package io.streamhouse.columnar;

import com.github.luben.zstd.ZstdCompressCtx;
import io.streamhouse.columnar.encoding.ByteSink;
import io.streamhouse.columnar.encoding.BytesDictionary;
import io.streamhouse.columnar.encoding.DeltaPacked;
import io.streamhouse.columnar.encoding.LongDictionary;
import io.streamhouse.columnar.encoding.RunLength;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Encodes the pages of one column chunk. The first values choose between a dictionary and the type's own encoding; a
 * dictionary that stops paying is given up for the pages that follow. The codec is chosen from encoded pages. One
 * thread.
 */
final class ChunkEncoder {
    /** Values to see before a dictionary is chosen or refused. */
    private static final int SAMPLE_VALUES = 4096;

    private static final int MAX_DICTIONARY_ENTRIES = 1 << 15;
    private static final int MAX_DICTIONARY_BYTES = 512 << 10;
    /** A dictionary must save a fifth against the type's own encoding: it costs a lookup per value. */
    private static final double DICTIONARY_GAIN = 0.8;
    /** Encoded bytes to see before the codec is chosen. */
    private static final int SAMPLE_BYTES = 64 << 10;
    /** zstd must save 15 % (design of the adaptive layout): below that, reading pays for nothing. */
    private static final double CODEC_GAIN = 0.85;

    private enum Mode {
        UNDECIDED,
        DICTIONARY,
        DIRECT
    }

    private record EncodedPage(
            int rows, byte[] bytes, int rawSize, boolean compressed, Encoding encoding, ValueRange range) {}

    private final ParquetColumn column;
    private final ZstdCompressCtx zstd;
    private final List<PageValues> undecided = new ArrayList<>();
    private final List<ValueRange> undecidedRanges = new ArrayList<>();
    private final List<EncodedPage> pages = new ArrayList<>();
    private Mode mode;
    private LongDictionary numbers;
    private BytesDictionary strings;
    private CompressionCodecName codec;
    private long values;
    private long encodedBytes;

    ChunkEncoder(ParquetColumn column, ZstdCompressCtx zstd) {
        this.column = column;
        this.zstd = zstd;
        this.mode = column.primitive() == PrimitiveTypeName.BOOLEAN ? Mode.DIRECT : Mode.UNDECIDED;
    }

    void add(PageValues page, ValueRange range) throws IOException {
        values += page.rows();
        switch (mode) {
            case UNDECIDED -> {
                undecided.add(page);
                undecidedRanges.add(range);
                if (undecided.stream().mapToInt(PageValues::count).sum() >= SAMPLE_VALUES) {
                    decide();
                }
            }
            case DICTIONARY -> addToDictionary(page, range);
            case DIRECT -> addDirect(page, range);
        }
    }

    private void decide() throws IOException {
        newDictionary();
        long direct = 0;
        long withDictionary = 0;
        int count = 0;
        List<int[]> ids = new ArrayList<>();
        for (PageValues page : undecided) {
            ids.add(ids(page));
            count += page.count();
        }
        int width = RunLength.widthOf(Math.max(0, dictionarySize() - 1));
        boolean few = fits() && dictionarySize() * 2L <= count;
        for (int i = 0; few && i < undecided.size(); i++) {
            PageValues page = undecided.get(i);
            ByteSink sink = new ByteSink(page.count());
            RunLength.write(sink, ids.get(i), page.count(), width);
            withDictionary += sink.size();
            sink.truncate(0);
            writeDirect(sink, page);
            direct += sink.size();
        }
        withDictionary += plainDictionary().size();
        mode = few && withDictionary <= direct * DICTIONARY_GAIN ? Mode.DICTIONARY : Mode.DIRECT;
        if (mode == Mode.DIRECT) {
            dropDictionary();
        }
        for (int i = 0; i < undecided.size(); i++) {
            if (mode == Mode.DICTIONARY) {
                addIds(undecided.get(i), ids.get(i), undecidedRanges.get(i));
            } else {
                addDirect(undecided.get(i), undecidedRanges.get(i));
            }
        }
        undecided.clear();
        undecidedRanges.clear();
    }

    private void newDictionary() {
        if (column.isBytes()) {
            strings = new BytesDictionary();
        } else {
            numbers = new LongDictionary();
        }
    }

    private void dropDictionary() {
        strings = null;
        numbers = null;
    }

    private boolean hasDictionary() {
        return strings != null || numbers != null;
    }

    private int dictionarySize() {
        return column.isBytes() ? strings.size() : numbers.size();
    }

    private boolean fits() {
        return dictionarySize() <= MAX_DICTIONARY_ENTRIES
                && (!column.isBytes() || strings.sizeBytes() <= MAX_DICTIONARY_BYTES);
    }

    private int[] ids(PageValues page) {
        int[] ids = new int[page.count()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = column.isBytes()
                    ? strings.idOf(page.data(), page.offsets()[i], page.offsets()[i + 1])
                    : numbers.idOf(page.numbers()[i]);
        }
        return ids;
    }

    private void addToDictionary(PageValues page, ValueRange range) throws IOException {
        int before = dictionarySize();
        int[] ids = ids(page);
        boolean mostlyNew = (dictionarySize() - before) * 2L > page.count() && page.count() >= SAMPLE_VALUES;
        if (fits() && !mostlyNew) {
            addIds(page, ids, range);
            return;
        }
        if (column.isBytes()) {
            strings.truncate(before);
        } else {
            numbers.truncate(before);
        }
        mode = Mode.DIRECT;
        addDirect(page, range);
    }

    private void addIds(PageValues page, int[] ids, ValueRange range) throws IOException {
        ByteSink sink = startPage(page);
        int width = RunLength.widthOf(Math.max(0, dictionarySize() - 1));
        sink.putByte(width);
        RunLength.write(sink, ids, page.count(), width);
        addPage(page, sink, Encoding.RLE_DICTIONARY, range);
    }

    private void addDirect(PageValues page, ValueRange range) throws IOException {
        ByteSink sink = startPage(page);
        addPage(page, sink, writeDirect(sink, page), range);
    }

    private ByteSink startPage(PageValues page) {
        ByteSink sink = new ByteSink(page.rows() + 64);
        if (column.optional()) {
            sink.putInt(0);
            RunLength.writeLevels(sink, page.nulls(), page.rows());
            sink.setInt(0, sink.size() - 4);
        }
        return sink;
    }

    private Encoding writeDirect(ByteSink sink, PageValues page) {
        if (column.isInteger()) {
            DeltaPacked.write(sink, page.numbers(), page.count(), column.numberBytes() == 8);
            return Encoding.DELTA_BINARY_PACKED;
        }
        if (column.isBytes() && column.fixedLength() == 0) {
            long[] lengths = new long[page.count()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = page.offsets()[i + 1] - page.offsets()[i];
            }
            DeltaPacked.write(sink, lengths, lengths.length, false);
            sink.put(page.data(), 0, page.dataBytes());
            return Encoding.DELTA_LENGTH_BYTE_ARRAY;
        }
        if (column.isBytes()) {
            writeFixed(sink, page.data(), page.offsets(), page.count());
        } else if (column.numberBytes() == 0) {
            sink.putPacked(page.numbers(), 0, page.count(), 1);
        } else {
            writePlain(sink, page.numbers(), page.count());
        }
        return Encoding.PLAIN;
    }

    private void writePlain(ByteSink sink, long[] values, int count) {
        boolean wide = column.numberBytes() == 8;
        for (int i = 0; i < count; i++) {
            if (wide) {
                sink.putLong(values[i]);
            } else {
                sink.putInt((int) values[i]);
            }
        }
    }

    private void writeFixed(ByteSink sink, byte[] data, int[] offsets, int count) {
        int fixed = column.fixedLength();
        for (int i = 0; i < count; i++) {
            sink.put(data, offsets[i + 1] - fixed, fixed);
        }
    }

    private void addPage(PageValues page, ByteSink sink, Encoding encoding, ValueRange range) throws IOException {
        EncodedPage raw = new EncodedPage(page.rows(), sink.toByteArray(), sink.size(), false, encoding, range);
        encodedBytes += sink.size();
        pages.add(codec == CompressionCodecName.ZSTD ? compress(raw) : raw);
        if (codec == null && mode == Mode.DIRECT) {
            if (column.isInteger() && !hasDictionary()) {
                codec = CompressionCodecName.UNCOMPRESSED;
            } else if (encodedBytes >= SAMPLE_BYTES) {
                chooseCodec();
            }
        }
    }

    /** Compresses all pages so far and keeps that if it pays. */
    private void chooseCodec() {
        List<EncodedPage> small = new ArrayList<>(pages.size());
        long before = 0;
        long after = 0;
        for (EncodedPage page : pages) {
            EncodedPage c = compress(page);
            before += page.rawSize;
            after += c.bytes.length;
            small.add(c);
        }
        if (hasDictionary()) {
            byte[] dictionary = plainDictionary().toByteArray();
            before += dictionary.length;
            after += zstd.compress(dictionary).length;
        }
        boolean pays = after <= before * CODEC_GAIN;
        codec = pays ? CompressionCodecName.ZSTD : CompressionCodecName.UNCOMPRESSED;
        if (pays) {
            pages.clear();
            pages.addAll(small);
        }
    }

    private EncodedPage compress(EncodedPage page) {
        return new EncodedPage(page.rows, zstd.compress(page.bytes), page.rawSize, true, page.encoding, page.range);
    }

    private ByteSink plainDictionary() {
        ByteSink sink = new ByteSink(1024);
        if (!column.isBytes()) {
            writePlain(sink, numbers.values(), numbers.size());
        } else if (column.fixedLength() > 0) {
            writeFixed(sink, strings.data(), strings.offsets(), strings.size());
        } else {
            for (int i = 0; i < strings.size(); i++) {
                int from = strings.offsets()[i];
                int length = strings.offsets()[i + 1] - from;
                sink.putInt(length);
                sink.put(strings.data(), from, length);
            }
        }
        return sink;
    }

    /** Writes the chunk, its dictionary, if any, and its pages, and returns the number of its codec. */
    int writeTo(ParquetFileWriter out, ColumnDescriptor descriptor) throws IOException {
        if (mode == Mode.UNDECIDED) {
            decide();
        }
        if (codec == null) {
            chooseCodec();
        }
        out.startColumn(descriptor, values, codec);
        if (hasDictionary()) {
            byte[] raw = plainDictionary().toByteArray();
            byte[] stored = codec == CompressionCodecName.ZSTD ? zstd.compress(raw) : raw;
            out.writeDictionaryPage(
                    new DictionaryPage(BytesInput.from(stored), raw.length, dictionarySize(), Encoding.PLAIN));
        }
        for (EncodedPage page : pages) {
            out.writeDataPage(
                    page.rows,
                    page.rawSize,
                    BytesInput.from(page.bytes),
                    page.range.parquet(),
                    page.rows,
                    Encoding.RLE,
                    Encoding.RLE,
                    page.encoding);
        }
        out.endColumn();
        return codec.getParquetCompressionCodec().getValue();
    }
}
