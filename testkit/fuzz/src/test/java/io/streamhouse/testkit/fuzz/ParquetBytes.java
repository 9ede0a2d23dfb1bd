package io.streamhouse.testkit.fuzz;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ParserJudge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** Parquet bytes that anybody may have written, as a reader of ours meets them. */
final class ParquetBytes {
    static final List<Field> COLUMNS = List.of(
            new Field(1, "id", DataType.bigint(), false),
            new Field(2, "text", DataType.string(), true),
            new Field(3, "price", DataType.decimal(30, 2), true),
            new Field(4, "flag", DataType.bool(), true),
            new Field(5, "real", DataType.of(TypeRoot.DOUBLE), true),
            new Field(6, "small", DataType.integer(), true));

    /** A page may be decompressed to what its header says, which is bounded, whatever it holds. */
    private static final int PAGE_BYTES = 66 << 20;

    private static final int MAX_ROWS = 8192;

    private static final UUID ID = new UUID(1, 1);

    private ParquetBytes() {}

    static void readFile(byte[] data) throws IOException {
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(Sealed.OBJECT, data);
            ParserJudge.judge(Sealed.OBJECT, data.length + PAGE_BYTES, 1 + Sealed.FACTOR / 64, () -> {
                WrittenFile written = ColumnFiles.describe(store, ID, Sealed.OBJECT, COLUMNS);
                if (written.rowCount() > 0 && written.rowCount() <= MAX_ROWS) {
                    read(store, file(written.object(), written.rowCount(), written.rowGroups()), COLUMNS);
                }
            });
        }
    }

    /**
     * Reads a chunk of pages; the first bytes of the input say what the headers claim.
     *
     * @param data column, codec, rows, then per page its claims and its body
     */
    static void readPage(byte[] data) throws IOException {
        ParserJudge.judge(Sealed.OBJECT, PAGE_BYTES + data.length, 4, () -> readUnjudged(data));
    }

    /** As {@link #readPage}, without bounds; bytes that are too few are no pages. */
    static void readUnjudged(byte[] data) throws IOException {
        if (data.length < 4) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(data);
        Field column = COLUMNS.get((in.get() & 0xff) % COLUMNS.size());
        int codec = in.get() % 2 == 0 ? 0 : 6;
        int rows = 1 + (in.getShort() & 0x1fff);
        byte[] chunk = chunk(in);
        if (chunk.length == 0) {
            return;
        }
        FileObject object = new FileObject(ID, Sealed.OBJECT, FileFormat.PARQUET, chunk.length, chunk.length, 0);
        ChunkLocator locator = new ChunkLocator(column.id(), 0, chunk.length, codec, Checksums.crc32c(chunk));
        DataFile file = file(object, rows, List.of(new RowGroup(rows, List.of(locator))));
        try (ObjectStore store = ObjectStores.memory()) {
            store.put(Sealed.OBJECT, chunk);
            read(store, file, List.of(column));
        }
    }

    private static byte[] chunk(ByteBuffer in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (in.remaining() >= 12) {
            boolean dictionary = in.get() % 2 == 1;
            Encoding encoding = Encoding.findByValue(in.get() & 0xf);
            int values = in.getShort() & 0xffff;
            int raw = in.getInt();
            byte[] body = new byte[Math.min(in.getInt() & 0xffff, in.remaining())];
            in.get(body);
            CRC32 crc = new CRC32();
            crc.update(body);
            PageHeader header =
                    new PageHeader(dictionary ? PageType.DICTIONARY_PAGE : PageType.DATA_PAGE, raw, body.length);
            header.setCrc((int) crc.getValue());
            if (encoding == null) {
                encoding = Encoding.PLAIN;
            }
            if (dictionary) {
                header.setDictionary_page_header(new DictionaryPageHeader(values, encoding));
            } else {
                header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
            }
            Util.writePageHeader(header, out);
            out.write(body);
        }
        return out.toByteArray();
    }

    private static DataFile file(FileObject object, int rows, List<RowGroup> groups) {
        Slice whole = new Slice(Partition.NONE, 1, 0, 0, rows, Slice.KeyRange.NONE);
        return new DataFile(
                object,
                new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                rows,
                List.of(whole),
                groups,
                List.of());
    }

    private static void read(ObjectStore store, DataFile file, List<Field> columns) throws IOException {
        int[] all = IntStream.range(0, columns.size()).toArray();
        try (ColumnFileReader reader = ColumnFiles.reader(store, file, columns, all, 0, file.rowCount())) {
            while (reader.next() != null) {
                Arrays.fill(all, 0); // every page is decoded; what it holds is of no interest
            }
        }
    }
}
