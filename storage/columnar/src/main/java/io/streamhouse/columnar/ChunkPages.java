package io.streamhouse.columnar;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.streamhouse.columnar.encoding.CorruptEncodingException;
import io.streamhouse.spec.column.ColumnVector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/**
 * The pages of one column chunk whose bytes are in memory and were checked as a whole, page headers included, against the
 * checksum in the tree; Parquet's own checksums of pages would be a second look at the same bytes. Errors are any
 * {@link RuntimeException} or {@link IOException}; the caller adds the object's path. One thread.
 */
final class ChunkPages {
    static final int UNCOMPRESSED = 0;
    static final int ZSTD = 6;

    /** One value of the largest size with its levels and length. */
    private static final int MAX_PAGE_BYTES = RowPages.MAX_VALUE_BYTES + (64 << 10);

    /**
     * @param offset first byte of the body in the chunk
     * @param length bytes of the body
     * @param rawLength bytes after decompression
     */
    private record Body(int offset, int length, int rawLength) {}

    private record Page(Body body, Encoding encoding, int firstRow, int rows) {}

    private final ParquetColumn column;
    private final byte[] chunk;
    private final int codec;
    private final int rowCount;
    /** Null where the codec is another. */
    private final ZstdDecompressCtx zstd;

    private final List<Page> pages = new ArrayList<>();
    private PageDecoder decoder;
    private int decodedIndex = -1;
    private ColumnVector decoded;

    ChunkPages(ParquetColumn column, byte[] chunk, int codec, int rowCount, ZstdDecompressCtx zstd) throws IOException {
        this.column = column;
        this.chunk = chunk;
        this.codec = codec;
        this.rowCount = rowCount;
        this.zstd = zstd;
        this.decoder = new PageDecoder(column);
        scan();
    }

    private void scan() throws IOException {
        int at = 0;
        int row = 0;
        while (at < chunk.length) {
            ByteArrayInputStream in = new ByteArrayInputStream(chunk, at, chunk.length - at);
            PageHeader header = Util.readPageHeader(in);
            Body body = body(header, chunk.length - in.available());
            if (header.getType() == PageType.DICTIONARY_PAGE && at == 0) {
                readDictionary(header.getDictionary_page_header(), body);
            } else if (header.getType() == PageType.DATA_PAGE) {
                DataPageHeader data = header.getData_page_header();
                int rows = data.getNum_values();
                if (rows < 1 || rows > rowCount - row || data.getDefinition_level_encoding() != Encoding.RLE) {
                    throw new CorruptEncodingException("page of %d rows at row %d of %d, levels %s"
                            .formatted(rows, row, rowCount, data.getDefinition_level_encoding()));
                }
                pages.add(new Page(body, data.getEncoding(), row, rows));
                row += rows;
            } else {
                throw new CorruptEncodingException("page of type " + header.getType() + " at byte " + at);
            }
            at = body.offset + body.length;
        }
        if (row != rowCount) {
            throw new CorruptEncodingException("pages hold %d rows, the row group %d".formatted(row, rowCount));
        }
    }

    private Body body(PageHeader header, int offset) {
        int length = header.getCompressed_page_size();
        int raw = header.getUncompressed_page_size();
        if (length < 0 || length > chunk.length - offset || raw < 0 || raw > MAX_PAGE_BYTES) {
            throw new CorruptEncodingException(
                    "page of %d bytes (%d decompressed) at byte %d of %d".formatted(length, raw, offset, chunk.length));
        }
        if (!header.isSetCrc()) {
            throw new CorruptEncodingException("page at byte %d has no checksum".formatted(offset));
        }
        return new Body(offset, length, raw);
    }

    private void readDictionary(DictionaryPageHeader header, Body body) {
        if (header.getEncoding() != Encoding.PLAIN && header.getEncoding() != Encoding.PLAIN_DICTIONARY) {
            throw new CorruptEncodingException("dictionary in encoding " + header.getEncoding());
        }
        byte[] raw = bytes(body);
        int from = codec == UNCOMPRESSED ? body.offset : 0;
        decoder.readDictionary(raw, from, from + body.rawLength, header.getNum_values());
    }

    /** The body decompressed from index 0, or, uncompressed, the chunk itself. */
    private byte[] bytes(Body body) {
        if (codec == UNCOMPRESSED) {
            if (body.length != body.rawLength) {
                throw new CorruptEncodingException(
                        "uncompressed page of %d bytes claims %d".formatted(body.length, body.rawLength));
            }
            return chunk;
        }
        long known = Zstd.getFrameContentSize(chunk, body.offset, body.length); // below 0: the frame does not say
        if (known >= 0 && known != body.rawLength && body.length > 0) {
            throw new CorruptEncodingException(
                    "page of %d bytes decompressed, its header says %d".formatted(known, body.rawLength));
        }
        byte[] raw = new byte[body.rawLength];
        int n = body.rawLength == 0 && body.length == 0
                ? 0
                : zstd.decompressByteArray(raw, 0, raw.length, chunk, body.offset, body.length);
        if (n != body.rawLength) {
            throw new CorruptEncodingException(
                    "page of %d bytes decompressed, expected %d".formatted(n, body.rawLength));
        }
        return raw;
    }

    int pageCount() {
        return pages.size();
    }

    /** First row of a page within the row group. */
    int firstRow(int page) {
        return pages.get(page).firstRow;
    }

    /** Behind the last row of a page. */
    int endRow(int page) {
        return pages.get(page).firstRow + pages.get(page).rows;
    }

    /** The page that holds a row of the row group. */
    int pageOf(int row) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int mid = (low + high + 1) >>> 1;
            if (pages.get(mid).firstRow <= row) {
                low = mid;
            } else {
                high = mid - 1;
            }
        }
        return low;
    }

    /** Estimate of a page's heap bytes once decoded. */
    long decodedBytes(int page) {
        Page p = pages.get(page);
        boolean ids = p.encoding == Encoding.RLE_DICTIONARY || p.encoding == Encoding.PLAIN_DICTIONARY;
        if (!column.isBytes()) {
            return 8L * p.rows;
        }
        return 4L * p.rows + (ids ? (long) p.rows * decoder.longestEntry() : p.body.rawLength);
    }

    /** All rows of a page; the last one is kept. */
    ColumnVector decode(int index) {
        if (index != decodedIndex) {
            decodedIndex = -1;
            Page page = pages.get(index);
            byte[] raw = bytes(page.body);
            int from = codec == UNCOMPRESSED ? page.body.offset : 0;
            decoded = decoder.decode(page.encoding, raw, from, from + page.body.rawLength, page.rows);
            decodedIndex = index;
        }
        return decoded;
    }
}
