package io.streamhouse.columnar;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/** Finds the locators of a Parquet file that no entry describes, from its footer. */
final class ParquetFooter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TRAILER_BYTES = 8;

    private ParquetFooter() {}

    static WrittenFile read(ObjectStore store, UUID id, String path, List<Field> columns) throws IOException {
        long size = store.size(path);
        if (size < MAGIC.length + TRAILER_BYTES) {
            store.read(path); // says MISSING_FILE if that is the case
            throw StreamhouseException.corrupt(path, "%d bytes are no Parquet file".formatted(size));
        }
        byte[] trailer = store.read(path, size - TRAILER_BYTES, TRAILER_BYTES);
        int length = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
        boolean whole = Arrays.equals(trailer, 4, TRAILER_BYTES, MAGIC, 0, MAGIC.length);
        if (!whole || length < 0 || length > size - TRAILER_BYTES - MAGIC.length) {
            throw StreamhouseException.corrupt(path, "the file does not end in a Parquet footer");
        }
        long offset = size - TRAILER_BYTES - length;
        byte[] footer = store.read(path, offset, length + TRAILER_BYTES);
        FileMetaData meta;
        try {
            meta = Util.readFileMetaData(new ByteArrayInputStream(footer, 0, length));
        } catch (IOException | RuntimeException e) {
            throw StreamhouseException.corrupt(path, "the Parquet footer cannot be read", e);
        }
        List<RowGroup> groups = new ArrayList<>();
        long rows = 0;
        for (org.apache.parquet.format.RowGroup group : meta.getRow_groups()) {
            rows += group.getNum_rows();
            groups.add(group(store, path, offset, group, columns));
        }
        if (rows != meta.getNum_rows() || rows > Integer.MAX_VALUE) {
            throw StreamhouseException.corrupt(
                    path, "row groups hold %d rows, the file %d".formatted(rows, meta.getNum_rows()));
        }
        FileObject object = new FileObject(id, path, FileFormat.PARQUET, size, offset, Checksums.crc32c(footer));
        return new WrittenFile(object, (int) rows, groups, List.of());
    }

    private static RowGroup group(
            ObjectStore store, String path, long end, org.apache.parquet.format.RowGroup group, List<Field> columns)
            throws IOException {
        List<ColumnChunk> chunks = group.getColumns();
        if (chunks.size() != columns.size() || group.getNum_rows() < 0 || group.getNum_rows() > Integer.MAX_VALUE) {
            throw StreamhouseException.corrupt(
                    path,
                    "row group of %d columns and %d rows, expected %d columns"
                            .formatted(chunks.size(), group.getNum_rows(), columns.size()));
        }
        List<ChunkLocator> locators = new ArrayList<>();
        for (int c = 0; c < chunks.size(); c++) {
            ColumnMetaData meta = chunks.get(c).getMeta_data();
            Field column = columns.get(c);
            if (meta == null || !meta.getPath_in_schema().equals(List.of(column.name()))) {
                throw StreamhouseException.corrupt(path, "column %d is not '%s'".formatted(c, column.name()));
            }
            long start = meta.isSetDictionary_page_offset()
                    ? Math.min(meta.getDictionary_page_offset(), meta.getData_page_offset())
                    : meta.getData_page_offset();
            long bytes = meta.getTotal_compressed_size();
            if (start < 0 || bytes < 0 || bytes > end - start || bytes > Integer.MAX_VALUE) {
                throw StreamhouseException.corrupt(
                        path, "column '%s' stands at [%d, +%d)".formatted(column.name(), start, bytes));
            }
            int crc = Checksums.crc32c(store.read(path, start, (int) bytes));
            locators.add(new ChunkLocator(
                    column.id(), start, (int) bytes, meta.getCodec().getValue(), crc));
        }
        return new RowGroup((int) group.getNum_rows(), locators);
    }
}
