package io.streamhouse.columnar;

import com.github.luben.zstd.Zstd;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.MessageType;

/**
 * Reads projected columns of a Parquet file through the locators of its entry. A chunk is fetched by one ranged read and
 * its CRC-32C, which covers page headers too, is checked before a byte of it is parsed. One thread.
 */
final class ParquetFileInput implements ColumnFileReader {
    /** Bound of one page before decompression is allocated; a value has at most 64 MiB. */
    private static final int MAX_PAGE_BYTES = 80 << 20;

    private final ObjectStore store;
    private final DataFile file;
    private final ParquetPages[] decoders;
    private final int[] projection;
    private final int toRow;
    private final int[] groupStarts;
    private int row;
    private int batchStart;
    private int openGroup = -1;
    private Chunk[] chunks;

    ParquetFileInput(
            ObjectStore store, DataFile file, List<Field> fileColumns, int[] projection, int fromRow, int toRow) {
        if (fromRow < 0 || toRow > file.rowCount() || fromRow > toRow) {
            throw new IllegalArgumentException("rows [%d, %d) of %s, which has %d"
                    .formatted(fromRow, toRow, file.object().path(), file.rowCount()));
        }
        this.store = store;
        this.file = file;
        this.projection = projection.clone();
        this.row = fromRow;
        this.toRow = toRow;
        MessageType message = ParquetTypes.message(fileColumns);
        this.decoders = new ParquetPages[projection.length];
        for (int i = 0; i < projection.length; i++) {
            decoders[i] = new ParquetPages(
                    fileColumns.get(projection[i]),
                    message.getType(projection[i]).asPrimitiveType());
        }
        this.groupStarts = new int[file.rowGroups().size() + 1];
        for (int g = 0; g < file.rowGroups().size(); g++) {
            groupStarts[g + 1] = groupStarts[g] + file.rowGroups().get(g).rowCount();
        }
        if (groupStarts[groupStarts.length - 1] != file.rowCount()) {
            throw corrupt("row groups hold %d rows, the file %d"
                    .formatted(groupStarts[groupStarts.length - 1], file.rowCount()));
        }
    }

    private StreamhouseException corrupt(String what) {
        return StreamhouseException.corrupt(file.object().path(), what);
    }

    @Override
    public ColumnBatch next() throws IOException {
        if (row >= toRow) {
            return null;
        }
        open(groupOf(row));
        int inGroup = row - groupStarts[openGroup];
        if (projection.length == 0) {
            return nextWithoutColumns();
        }
        int page = chunks[0].pageOf(inGroup);
        int pageStart = chunks[0].starts[page];
        int pageEnd = chunks[0].starts[page + 1];
        int limit = Math.min(pageEnd, toRow - groupStarts[openGroup]);
        limit = Math.min(limit, inGroup + ColumnFiles.BATCH_ROWS);
        List<ColumnVector> columns = new ArrayList<>();
        int[] cut = inGroup == pageStart && limit == pageEnd ? null : range(inGroup - pageStart, limit - pageStart);
        for (Chunk chunk : chunks) {
            if (chunk.starts[Math.min(page, chunk.starts.length - 1)] != pageStart
                    || chunk.starts[Math.min(page + 1, chunk.starts.length - 1)] != pageEnd) {
                throw corrupt("pages of column %d are cut at other rows".formatted(chunk.locator.fieldId()));
            }
            ColumnVector v = chunk.page(page);
            columns.add(cut == null ? v : v.gather(cut, 0, cut.length));
        }
        batchStart = row;
        row = groupStarts[openGroup] + limit;
        return new ColumnBatch(columns, limit - inGroup, null);
    }

    private ColumnBatch nextWithoutColumns() {
        int limit = Math.min(Math.min(groupStarts[openGroup + 1], toRow), row + ColumnFiles.BATCH_ROWS);
        batchStart = row;
        row = limit;
        return new ColumnBatch(List.of(), limit - batchStart, null);
    }

    private static int[] range(int from, int to) {
        int[] out = new int[to - from];
        for (int i = 0; i < out.length; i++) {
            out[i] = from + i;
        }
        return out;
    }

    private int groupOf(int position) {
        int g = Arrays.binarySearch(groupStarts, position);
        g = g >= 0 ? g : -g - 2;
        // an empty group shares its start with the next one
        while (groupStarts[g + 1] == position) {
            g++;
        }
        return g;
    }

    private void open(int group) throws IOException {
        if (group == openGroup) {
            return;
        }
        Chunk[] next = new Chunk[projection.length];
        RowGroup rows = file.rowGroups().get(group);
        for (int i = 0; i < next.length; i++) {
            next[i] = new Chunk(rows.chunks().get(projection[i]), decoders[i], rows.rowCount());
        }
        chunks = next;
        openGroup = group;
    }

    @Override
    public int batchStart() {
        return batchStart;
    }

    @Override
    public void seek(int target) {
        if (target < row || target > toRow) {
            throw new IllegalArgumentException(
                    "seek to row %d, the reader is at %d of %d".formatted(target, row, toRow));
        }
        row = target;
    }

    @Override
    public ColumnBatch rows(int[] positions) throws IOException {
        ColumnBuilder[] out = new ColumnBuilder[projection.length];
        for (int c = 0; c < out.length; c++) {
            out[c] = ColumnBuilder.of(decoders[c].physical());
        }
        int i = 0;
        while (i < positions.length) {
            int group = groupOf(positions[i]);
            open(group);
            int end = i;
            while (end < positions.length && positions[end] < groupStarts[group + 1]) {
                end++;
            }
            for (int c = 0; c < out.length; c++) {
                for (int k = i; k < end; k++) {
                    int inGroup = positions[k] - groupStarts[group];
                    int page = chunks[c].pageOf(inGroup);
                    out[c].append(chunks[c].page(page), inGroup - chunks[c].starts[page]);
                }
            }
            i = end;
        }
        List<ColumnVector> columns = new ArrayList<>();
        for (ColumnBuilder b : out) {
            columns.add(b.build());
        }
        return new ColumnBatch(columns, positions.length, null);
    }

    @Override
    public void close() {
        chunks = null;
        openGroup = -1;
    }

    /** One fetched column chunk with its page directory; holds the page decoded last. */
    private final class Chunk {
        final ChunkLocator locator;
        final ParquetPages decoder;
        final byte[] bytes;
        final int[] starts;
        final int[] offsets;
        final int[] lengths;
        final PageHeader[] headers;
        int decoded = -1;
        ColumnVector vector;

        Chunk(ChunkLocator locator, ParquetPages decoder, int rows) throws IOException {
            this.locator = locator;
            this.decoder = decoder;
            this.bytes = store.read(file.object().path(), locator.offset(), locator.length());
            int crc = ColumnFiles.crc(bytes);
            if (crc != locator.crc()) {
                throw corrupt("column chunk of field %d has checksum 0x%08x, expected 0x%08x"
                        .formatted(locator.fieldId(), crc, locator.crc()));
            }
            List<PageHeader> found = new ArrayList<>();
            List<int[]> places = new ArrayList<>();
            directory(rows, found, places);
            this.headers = found.toArray(PageHeader[]::new);
            this.starts = new int[headers.length + 1];
            this.offsets = new int[headers.length];
            this.lengths = new int[headers.length];
            for (int p = 0; p < headers.length; p++) {
                starts[p + 1] = starts[p] + headers[p].getData_page_header().getNum_values();
                offsets[p] = places.get(p)[0];
                lengths[p] = places.get(p)[1];
            }
            if (starts[headers.length] != rows) {
                throw corrupt("pages of field %d hold %d rows, the row group %d"
                        .formatted(locator.fieldId(), starts[headers.length], rows));
            }
        }

        private void directory(int rows, List<PageHeader> found, List<int[]> places) {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            long seen = 0;
            try {
                while (in.available() > 0) {
                    PageHeader header = Util.readPageHeader(in);
                    int length = header.getCompressed_page_size();
                    int at = bytes.length - in.available();
                    if (length < 0 || length > in.available() || header.getType() != PageType.DATA_PAGE) {
                        throw corrupt("page of %d bytes and type %s at %d of field %d"
                                .formatted(length, header.getType(), at, locator.fieldId()));
                    }
                    int values = header.getData_page_header().getNum_values();
                    seen += values;
                    if (values < 1 || seen > rows) {
                        throw corrupt("page of %d rows at %d of field %d".formatted(values, at, locator.fieldId()));
                    }
                    found.add(header);
                    places.add(new int[] {at, length});
                    if (in.skip(length) != length) {
                        throw corrupt("page at %d of field %d is cut off".formatted(at, locator.fieldId()));
                    }
                }
            } catch (IOException | RuntimeException e) {
                throw asCorrupt("page headers of field %d".formatted(locator.fieldId()), e);
            }
        }

        int pageOf(int rowInGroup) {
            int p = Arrays.binarySearch(starts, rowInGroup);
            return p >= 0 ? p : -p - 2;
        }

        ColumnVector page(int p) {
            if (p != decoded) {
                try {
                    vector = decode(p);
                } catch (IOException | RuntimeException e) {
                    throw asCorrupt("page %d of field %d".formatted(p, locator.fieldId()), e);
                }
                decoded = p;
            }
            return vector;
        }

        private ColumnVector decode(int p) throws IOException {
            PageHeader header = headers[p];
            byte[] stored = Arrays.copyOfRange(bytes, offsets[p], offsets[p] + lengths[p]);
            int rows = starts[p + 1] - starts[p];
            Encoding encoding =
                    Encoding.valueOf(header.getData_page_header().getEncoding().name());
            return decoder.decode(plain(header, stored), rows, encoding);
        }

        private byte[] plain(PageHeader header, byte[] stored) throws IOException {
            CompressionCodec codec = CompressionCodec.findByValue(locator.codec());
            if (codec == CompressionCodec.UNCOMPRESSED) {
                return stored;
            }
            int size = header.getUncompressed_page_size();
            if (codec != CompressionCodec.ZSTD || size < 0 || size > MAX_PAGE_BYTES) {
                throw new IOException("codec %s, %d bytes uncompressed".formatted(codec, size));
            }
            byte[] plain = new byte[size];
            long n = Zstd.decompress(plain, stored);
            if (Zstd.isError(n) || n != size) {
                throw new IOException("zstd gave %d of %d bytes".formatted(n, size));
            }
            return plain;
        }
    }

    private StreamhouseException asCorrupt(String where, Exception e) {
        return e instanceof StreamhouseException s
                ? s
                : StreamhouseException.corrupt(file.object().path(), "%s: %s".formatted(where, e), e);
    }
}
