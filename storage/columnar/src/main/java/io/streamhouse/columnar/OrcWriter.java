package io.streamhouse.columnar;

import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.orc.MemoryManager;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.TypeDescription.RowBatchVersion;
import org.apache.orc.impl.WriterImpl;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/** Writes an ORC file through orc-core; a row group is a stripe. See "spec/data-files.md". One thread. */
final class OrcWriter implements ColumnFileWriter {
    private static final int STRIPE_ROWS = 30 * RowPages.PAGE_ROWS;
    /** Raw bytes of a stripe, so that any rows of it make a batch; a page that is larger is a stripe of its own. */
    private static final long STRIPE_BYTES = 40L << 20;

    /** More than a stripe ever takes: orc-core must not end stripes of its own accord. */
    private static final long NEVER = 1L << 30;

    private final UUID id;
    private final String path;
    private final ObjectOutput object;
    private final StoreOutput out;
    private final FSDataOutputStream orcOut;
    private final List<ParquetColumn> columns;
    private final RowPages rows;
    private final StripeEnd stripeEnd = new StripeEnd();
    private final OrcStripeWriter stripes;
    private final WriterImpl orc;
    private final VectorizedRowBatch batch;
    private int stripeRows;
    private long stripeBytes;
    private boolean sealed;
    private boolean finished;

    /** Begins a file; nothing is left behind if that fails. */
    static OrcWriter open(ObjectStore store, UUID id, String path, List<Field> fields, Set<Integer> statsFieldIds)
            throws IOException {
        ObjectOutput object = store.create(path);
        try {
            return new OrcWriter(object, id, path, fields, statsFieldIds);
        } catch (IOException | RuntimeException | LinkageError e) {
            object.close();
            throw e;
        }
    }

    private OrcWriter(ObjectOutput object, UUID id, String path, List<Field> fields, Set<Integer> statsFieldIds)
            throws IOException {
        this.id = id;
        this.path = path;
        this.object = object;
        this.columns = fields.stream().map(ParquetColumn::of).toList();
        this.rows = new RowPages(path, columns, statsFieldIds, this::page);
        this.out = new StoreOutput(object);
        this.orcOut = new FSDataOutputStream(out, null);
        TypeDescription schema = OrcProfile.schema(fields);
        OrcFile.WriterOptions options = OrcFile.writerOptions(OrcProfile.CONFIGURATION)
                .setSchema(schema)
                .compress(OrcProfile.COMPRESSION)
                .bufferSize(OrcProfile.BUFFER_BYTES)
                .enforceBufferSize()
                .stripeSize(NEVER)
                .blockPadding(false)
                .rowIndexStride(OrcProfile.INDEX_STRIDE)
                .useUTCTimestamp(true)
                .setProlepticGregorian(true)
                .memory(stripeEnd);
        this.stripes = new OrcStripeWriter(out, orcOut, options, fields);
        this.orc = new WriterImpl(null, OrcProfile.NOWHERE, options.physicalWriter(stripes));
        orc.addUserMetadata("streamhouse.file-id", ByteBuffer.wrap(id.toString().getBytes(StandardCharsets.UTF_8)));
        this.batch = schema.createRowBatch(RowBatchVersion.USE_DECIMAL64, RowPages.rowsFor(fields.size()));
    }

    /** Keeps orc-core's hands off the stripes and knows how to end one. */
    private static final class StripeEnd implements MemoryManager {
        private Callback writer;

        @Override
        public void addWriter(Path path, long requestedAllocation, Callback callback) {
            writer = callback;
        }

        @Override
        public void removeWriter(Path path) {
            // there is nobody else to share with
        }

        @Override
        @SuppressWarnings("deprecation")
        public void addedRow(int count) {
            // called by nobody: checkMemory stands in its place
        }

        @Override
        public long checkMemory(long previousAllocation, Callback callback) {
            return previousAllocation;
        }

        void endStripe() throws IOException {
            // any size is above a limit below zero
            if (!writer.checkMemory(-1)) {
                throw new IllegalStateException("orc-core did not end its stripe");
            }
            writer.checkMemory(1);
        }
    }

    @Override
    public void write(ColumnBatch rowBatch) throws IOException {
        if (sealed || finished) {
            throw new IllegalStateException("rows of " + path + " are complete");
        }
        for (int c = 0; c < Math.min(columns.size(), rowBatch.columns().size()); c++) {
            if (rowBatch.column(c) instanceof ColumnVector.Longs longs) {
                OrcPage.checkTimes(columns.get(c), rowBatch, longs);
            }
        }
        rows.write(rowBatch);
    }

    @Override
    public void cutPages() throws IOException {
        rows.cut();
    }

    @Override
    public void endRowGroup() throws IOException {
        rows.cut();
        endStripe();
    }

    private void page(PageValues[] values, ValueRange[] ranges) throws IOException {
        long bytes = RowPages.bytes(values);
        if (stripeRows > 0 && stripeBytes + bytes > STRIPE_BYTES) {
            endStripe();
        }
        int count = values[0].rows();
        batch.ensureSize(count);
        for (int c = 0; c < values.length; c++) {
            OrcPage.fill(columns.get(c), values[c], batch.cols[c]);
        }
        batch.size = count;
        orc.addRowBatch(batch);
        stripeRows += count;
        stripeBytes += bytes;
        if (stripeRows >= STRIPE_ROWS) {
            endStripe();
        }
    }

    private void endStripe() throws IOException {
        if (stripeRows > 0) {
            stripeEnd.endStripe();
            stripeRows = 0;
            stripeBytes = 0;
        }
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
        // through the stream that counts positions for the footer
        orcOut.write(bytes, 0, bytes.length);
        return new BlockRef.Stored(path, offset, bytes.length, out.crcSinceMark());
    }

    private void seal() throws IOException {
        if (!sealed) {
            endRowGroup();
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
        List<RowGroup> rowGroups = new ArrayList<>(stripes.rowGroups());
        long footerOffset = out.getPos();
        out.keepTail();
        orc.close();
        byte[] footer = out.takeTail();
        if (rowGroups.size() != stripes.rowGroups().size() || orc.getNumberOfRows() != rows.rowCount()) {
            throw new IllegalStateException(
                    "orc-core counts %d rows, written were %d".formatted(orc.getNumberOfRows(), rows.rowCount()));
        }
        FileObject file =
                new FileObject(id, path, FileFormat.ORC, out.getPos(), footerOffset, Checksums.crc32c(footer));
        object.commit();
        return new WrittenFile(file, rows.rowCount(), rowGroups, rows.stats());
    }

    @Override
    public void close() throws IOException {
        try {
            if (!finished) {
                stripes.close();
            }
        } finally {
            finished = true;
            object.close();
        }
    }
}
