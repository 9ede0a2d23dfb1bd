package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;

/** Writes Parquet through parquet-java's page level: pages of all columns are cut at the same rows. One thread. */
final class ParquetFileOutput implements ColumnFileWriter {
    private static final int PAGE_BYTES = 1 << 20;
    private static final int GROUP_ROWS = 250_000;
    private static final long GROUP_BYTES = 120L << 20;
    private static final int TRUNCATE_BYTES = 64;

    private final UUID id;
    private final String path;
    private final List<Field> columns;
    private final MessageType message;
    private final Set<Integer> statsFieldIds;
    private final CountingStream stream;
    private final ParquetFileWriter writer;
    private final ColumnBuilder[] builders;
    private final ColumnRange[] ranges;
    private final ParquetPages[] encoders;
    private final List<List<ParquetPages.Page>> pages = new ArrayList<>();
    private final List<List<Integer>> chunkCrcs = new ArrayList<>();
    private long groupBytes;
    private int groupRows;
    private int rowCount;

    ParquetFileOutput(ObjectStore store, UUID id, String path, List<Field> columns, Set<Integer> statsFieldIds)
            throws IOException {
        this.id = id;
        this.path = path;
        this.columns = List.copyOf(columns);
        this.message = ParquetTypes.message(columns);
        this.statsFieldIds = Set.copyOf(statsFieldIds);
        this.builders = new ColumnBuilder[columns.size()];
        this.ranges = new ColumnRange[columns.size()];
        this.encoders = new ParquetPages[columns.size()];
        for (int i = 0; i < builders.length; i++) {
            builders[i] = ColumnBuilder.of(columns.get(i).type().physical());
            ranges[i] = new ColumnRange(columns.get(i).type());
            encoders[i] = new ParquetPages(columns.get(i), message.getType(i).asPrimitiveType());
            pages.add(new ArrayList<>());
        }
        this.stream = new CountingStream(store.create(path));
        this.writer = new ParquetFileWriter(
                new StreamFile(stream),
                message,
                ParquetFileWriter.Mode.CREATE,
                GROUP_BYTES,
                0,
                TRUNCATE_BYTES,
                TRUNCATE_BYTES,
                true);
        writer.start();
    }

    @Override
    public void write(ColumnBatch batch) throws IOException {
        int n = batch.selectedCount();
        int from = 0;
        while (from < n) {
            int to = Math.min(n, from + ColumnFiles.BATCH_ROWS - builders[0].size());
            for (int c = 0; c < builders.length; c++) {
                for (int i = from; i < to; i++) {
                    builders[c].append(batch.column(c), batch.position(i));
                }
            }
            rowCount += to - from;
            from = to;
            if (builders[0].size() >= ColumnFiles.BATCH_ROWS || largestColumn() >= PAGE_BYTES) {
                cutPages();
            }
        }
    }

    private long largestColumn() {
        long max = 0;
        for (ColumnBuilder b : builders) {
            max = Math.max(max, b.sizeBytes());
        }
        return max;
    }

    @Override
    public void cutPages() throws IOException {
        int rows = builders[0].size();
        if (rows == 0) {
            return;
        }
        for (int c = 0; c < builders.length; c++) {
            ColumnVector vector = builders[c].build();
            builders[c].clear();
            if (statsFieldIds.contains(columns.get(c).id())) {
                ranges[c].add(vector);
            }
            ParquetPages.Page page = encoders[c].encode(vector);
            pages.get(c).add(page);
            groupBytes += page.bytes().length;
        }
        groupRows += rows;
        if (groupRows >= GROUP_ROWS || groupBytes >= GROUP_BYTES) {
            endGroup();
        }
    }

    private void endGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        List<Integer> crcs = new ArrayList<>();
        writer.startBlock(groupRows);
        for (int c = 0; c < encoders.length; c++) {
            CompressionCodecName codec = encoders[c].codec();
            stream.chunkCrc.reset();
            writer.startColumn(message.getColumns().get(c), groupRows, codec);
            for (ParquetPages.Page page : pages.get(c)) {
                writer.writeDataPage(
                        page.rows(),
                        page.plainBytes(),
                        BytesInput.from(page.bytes()),
                        page.statistics(),
                        page.rows(),
                        Encoding.RLE,
                        Encoding.RLE,
                        encoders[c].encoding());
            }
            writer.endColumn();
            crcs.add((int) stream.chunkCrc.getValue());
            pages.get(c).clear();
        }
        writer.endBlock();
        chunkCrcs.add(crcs);
        groupRows = 0;
        groupBytes = 0;
    }

    @Override
    public int rowCount() {
        return rowCount;
    }

    @Override
    public BlockRef.Stored writeBlock(byte[] bytes) throws IOException {
        cutPages();
        endGroup();
        long offset = stream.getPos();
        stream.write(bytes, 0, bytes.length);
        return new BlockRef.Stored(path, offset, bytes.length, ColumnFiles.crc(bytes));
    }

    @Override
    public WrittenFile finish() throws IOException {
        cutPages();
        endGroup();
        stream.tail = new ByteArrayOutputStream();
        writer.end(Map.of());
        byte[] tail = stream.tail.toByteArray();
        int footerLength = ByteBuffer.wrap(tail, tail.length - 8, 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        CRC32C crc = new CRC32C();
        crc.update(tail, tail.length - 8 - footerLength, footerLength + 8);
        long size = stream.getPos();
        stream.output.commit();
        FileObject object =
                new FileObject(id, path, FileFormat.PARQUET, size, size - 8 - footerLength, (int) crc.getValue());
        return new WrittenFile(object, rowCount, rowGroups(), stats());
    }

    private List<RowGroup> rowGroups() {
        List<RowGroup> out = new ArrayList<>();
        List<BlockMetaData> blocks = writer.getFooter().getBlocks();
        for (int b = 0; b < blocks.size(); b++) {
            List<ChunkLocator> chunks = new ArrayList<>();
            for (int c = 0; c < encoders.length; c++) {
                ColumnChunkMetaData meta = blocks.get(b).getColumns().get(c);
                chunks.add(new ChunkLocator(
                        columns.get(c).id(),
                        meta.getStartingPos(),
                        Math.toIntExact(meta.getTotalSize()),
                        meta.getCodec().getParquetCompressionCodec().getValue(),
                        chunkCrcs.get(b).get(c)));
            }
            out.add(new RowGroup((int) blocks.get(b).getRowCount(), chunks));
        }
        return out;
    }

    private List<ColumnStats> stats() {
        List<ColumnStats> out = new ArrayList<>();
        for (int c = 0; c < ranges.length; c++) {
            if (statsFieldIds.contains(columns.get(c).id())) {
                out.add(ranges[c].stats(columns.get(c).id()));
            }
        }
        out.sort(Comparator.comparingInt(ColumnStats::fieldId));
        return out;
    }

    @Override
    public void close() throws IOException {
        stream.output.close();
    }

    /** The object as parquet-java writes it, with checksums of what passes. */
    private static final class CountingStream extends PositionOutputStream {
        final ObjectOutput output;
        final CRC32C chunkCrc = new CRC32C();
        ByteArrayOutputStream tail;

        CountingStream(ObjectOutput output) {
            this.output = output;
        }

        @Override
        public long getPos() {
            return output.position();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            output.write(bytes, offset, length);
            chunkCrc.update(bytes, offset, length);
            if (tail != null) {
                tail.write(bytes, offset, length);
            }
        }
    }

    /** An open stream as parquet-java's output file. */
    private record StreamFile(PositionOutputStream stream) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return stream;
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return stream;
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
