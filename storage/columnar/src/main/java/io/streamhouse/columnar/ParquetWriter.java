package io.streamhouse.columnar;

import com.github.luben.zstd.ZstdCompressCtx;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/** Writes a Parquet file; see "spec/data-files.md". One thread. */
final class ParquetWriter implements ColumnFileWriter {
    private static final int GROUP_ROWS = 30 * RowPages.PAGE_ROWS;
    private static final long GROUP_BYTES = 64L << 20;
    private static final int TRUNCATED_BOUND = 64;
    /** Parquet ends with the footer's length and the magic. */
    private static final int TRAILER_BYTES = 8;

    private final UUID id;
    private final String path;
    private final ObjectOutput object;
    private final StoreOutput out;
    private final List<ParquetColumn> columns;
    private final MessageType schema;
    private final ParquetFileWriter parquet;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1);
    private final RowPages rows;
    private final ChunkEncoder[] encoders;
    private final List<RowGroup> rowGroups = new ArrayList<>();
    private int groupRows;
    private long groupBytes;
    private boolean sealed;
    private boolean finished;

    /** Begins a file; nothing is left behind if that fails. */
    static ParquetWriter open(ObjectStore store, UUID id, String path, List<Field> fields, Set<Integer> statsFieldIds)
            throws IOException {
        List<ParquetColumn> columns = fields.stream().map(ParquetColumn::of).toList();
        ObjectOutput object = store.create(path);
        try {
            return new ParquetWriter(object, id, path, columns, statsFieldIds);
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private ParquetWriter(
            ObjectOutput object, UUID id, String path, List<ParquetColumn> columns, Set<Integer> statsFieldIds)
            throws IOException {
        this.id = id;
        this.path = path;
        this.object = object;
        this.columns = List.copyOf(columns);
        this.out = new StoreOutput(object);
        this.schema = ParquetColumn.schema(columns);
        this.parquet = new ParquetFileWriter(
                out, schema, ParquetFileWriter.Mode.CREATE, GROUP_BYTES, 0, TRUNCATED_BOUND, TRUNCATED_BOUND, true);
        this.encoders = new ChunkEncoder[columns.size()];
        this.rows = new RowPages(path, this.columns, statsFieldIds, this::page);
        parquet.start();
    }

    @Override
    public void write(ColumnBatch batch) throws IOException {
        requireOpen();
        rows.write(batch);
    }

    private void requireOpen() {
        if (sealed || finished) {
            throw new IllegalStateException("rows of " + path + " are complete");
        }
    }

    @Override
    public void cutPages() throws IOException {
        rows.cut();
    }

    private void page(PageValues[] values, ValueRange[] ranges) throws IOException {
        for (int c = 0; c < values.length; c++) {
            if (encoders[c] == null) {
                encoders[c] = new ChunkEncoder(columns.get(c), zstd);
            }
            encoders[c].add(values[c], ranges[c]);
        }
        groupRows += values[0].rows();
        groupBytes += RowPages.bytes(values);
        if (groupRows >= GROUP_ROWS || groupBytes >= GROUP_BYTES) {
            endGroup();
        }
    }

    @Override
    public void endRowGroup() throws IOException {
        cutPages();
        endGroup();
    }

    private void endGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        parquet.startBlock(groupRows);
        List<ChunkLocator> chunks = new ArrayList<>(encoders.length);
        for (int c = 0; c < encoders.length; c++) {
            long offset = out.mark();
            int codec = encoders[c].writeTo(parquet, schema.getColumns().get(c));
            int crc = out.crcSinceMark();
            long length = out.getPos() - offset;
            if (length > Integer.MAX_VALUE) {
                throw new IllegalStateException("column chunk of %d bytes in %s".formatted(length, path));
            }
            chunks.add(new ChunkLocator(columns.get(c).field().id(), offset, (int) length, codec, crc));
            encoders[c] = null;
        }
        parquet.endBlock();
        rowGroups.add(new RowGroup(groupRows, chunks));
        groupRows = 0;
        groupBytes = 0;
    }

    @Override
    public int rowCount() {
        return rows.rowCount();
    }

    @Override
    public BlockRef.Stored writeBlock(byte[] bytes) throws IOException {
        if (finished) {
            throw new IllegalStateException(path + " is finished");
        }
        seal();
        long offset = out.mark();
        out.write(bytes, 0, bytes.length);
        return new BlockRef.Stored(path, offset, bytes.length, out.crcSinceMark());
    }

    private void seal() throws IOException {
        if (!sealed) {
            cutPages();
            endGroup();
            sealed = true;
        }
    }

    @Override
    public WrittenFile finish() throws IOException {
        if (finished) {
            throw new IllegalStateException(path + " is finished");
        }
        seal();
        finished = true;
        out.keepTail();
        parquet.end(Map.of("streamhouse.file-id", id.toString()));
        byte[] tail = out.takeTail();
        long sizeBytes = out.getPos();
        int footer = footerBytes(tail) + TRAILER_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(tail, tail.length - footer, footer);
        checkLocators();
        object.commit();
        return new WrittenFile(
                new FileObject(id, path, FileFormat.PARQUET, sizeBytes, sizeBytes - footer, (int) crc.getValue()),
                rows.rowCount(),
                rowGroups,
                rows.stats());
    }

    private static int footerBytes(byte[] tail) {
        int at = tail.length - TRAILER_BYTES;
        return (tail[at] & 0xFF) | (tail[at + 1] & 0xFF) << 8 | (tail[at + 2] & 0xFF) << 16 | tail[at + 3] << 24;
    }

    /** Our locators and Parquet's footer must say the same; a file that contradicts its manifest is never published. */
    private void checkLocators() {
        List<BlockMetaData> blocks = parquet.getFooter().getBlocks();
        boolean same = blocks.size() == rowGroups.size();
        for (int g = 0; same && g < blocks.size(); g++) {
            List<ColumnChunkMetaData> chunks = blocks.get(g).getColumns();
            for (int c = 0; c < chunks.size(); c++) {
                ChunkLocator ours = rowGroups.get(g).chunks().get(c);
                same &= chunks.get(c).getStartingPos() == ours.offset()
                        && chunks.get(c).getTotalSize() == ours.length();
            }
        }
        if (!same) {
            throw new StreamhouseException(
                    ErrorCode.CORRUPT_FILE,
                    "footer and chunk locators of %s differ; nothing was published".formatted(path));
        }
    }

    @Override
    public void close() throws IOException {
        finished = true;
        zstd.close();
        object.close();
    }
}
