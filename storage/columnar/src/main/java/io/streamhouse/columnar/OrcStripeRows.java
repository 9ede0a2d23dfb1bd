package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.Field;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.DataReader;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.OrcUtils;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.BufferChunk;
import org.apache.orc.impl.BufferChunkList;
import org.apache.orc.impl.InStream;
import org.apache.orc.impl.OrcCodecPool;
import org.apache.orc.impl.OrcTail;
import org.apache.orc.impl.ReaderImpl;
import org.apache.orc.impl.TypeUtils;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/** Decodes projected columns of one stripe, from checked bytes only. One thread. */
final class OrcStripeRows implements Closeable {
    private final OrcStripe stripe;
    private final List<Field> columns;
    private final int[] read;
    private final RecordReader rows;
    private final VectorizedRowBatch batch;
    private int position;

    /**
     * Opens a stripe whose footer and columns were fetched.
     *
     * @param read ascending indexes of the columns that are read, at least one
     * @param batchRows most rows of a batch
     */
    OrcStripeRows(OrcStripe stripe, List<Field> columns, int[] read, int batchRows) throws IOException {
        this.stripe = stripe;
        this.columns = columns;
        this.read = read;
        TypeDescription schema = OrcProfile.schema(columns);
        boolean[] include = new boolean[columns.size() + 1];
        include[0] = true;
        this.batch = new VectorizedRowBatch(columns.size(), batchRows);
        for (int c : read) {
            include[c + 1] = true;
            batch.cols[c] = TypeUtils.createColumn(
                    schema.getChildren().get(c), TypeDescription.RowBatchVersion.USE_DECIMAL64, batchRows);
        }
        OrcFile.ReaderOptions options = OrcFile.readerOptions(OrcProfile.CONFIGURATION)
                .orcTail(tail(schema))
                .useUTCTimestamp(true)
                .convertToProlepticGregorian(true);
        try (ReaderImpl reader = new ReaderImpl(OrcProfile.NOWHERE, options)) {
            Reader.Options what = reader.options().include(include).dataReader(new StripeData(stripe));
            this.rows = reader.rows(what);
        }
    }

    /** The file's tail as far as the profile and the locators say it. */
    private OrcTail tail(TypeDescription schema) throws IOException {
        OrcProto.StripeInformation information = stripe.information();
        long end = information.getOffset()
                + information.getIndexLength()
                + information.getDataLength()
                + information.getFooterLength();
        OrcProto.Footer footer = OrcProto.Footer.newBuilder()
                .setHeaderLength(OrcFile.MAGIC.length())
                .setContentLength(end)
                .setNumberOfRows(stripe.rowCount())
                .setRowIndexStride(OrcProfile.INDEX_STRIDE)
                .setCalendar(OrcProto.CalendarKind.PROLEPTIC_GREGORIAN)
                .setWriter(OrcFile.WriterImplementation.ORC_JAVA.getId())
                .addAllTypes(OrcUtils.getOrcTypes(schema))
                .addStripes(information)
                .build();
        OrcProto.PostScript postScript = OrcProto.PostScript.newBuilder()
                .setMagic(OrcFile.MAGIC)
                .setCompression(OrcProto.CompressionKind.ZSTD)
                .setCompressionBlockSize(OrcProfile.BUFFER_BYTES)
                .addVersion(OrcFile.Version.V_0_12.getMajor())
                .addVersion(OrcFile.Version.V_0_12.getMinor())
                .setWriterVersion(OrcFile.CURRENT_WRITER.getId())
                .setFooterLength(0)
                .setMetadataLength(0)
                .build();
        OrcProto.FileTail tail = OrcProto.FileTail.newBuilder()
                .setFooter(footer)
                .setPostscript(postScript)
                .setFileLength(end + 1)
                .setPostscriptLength(0)
                .build();
        return new OrcTail(tail, ByteBuffer.allocate(0));
    }

    /** Row of the stripe that the next batch begins with. */
    int position() {
        return position;
    }

    /** Moves to a row of the stripe; the stripe's index must have been fetched. */
    void seek(int row) throws IOException {
        if (row != position) {
            rows.seekToRow(row);
            position = row;
        }
    }

    /** The next rows, at most so many, as vectors in the order of the columns read; empty vectors at the end. */
    List<ColumnVector> next(int limit) throws IOException {
        int wanted = Math.min(batch.getMaxSize(), limit);
        boolean more = rows.nextBatch(batch);
        int count = more ? Math.min(wanted, batch.size) : 0;
        if (count < Math.min(wanted, stripe.rowCount() - position)) {
            throw new IOException("the stripe ends at row %d of %d".formatted(position + count, stripe.rowCount()));
        }
        List<ColumnVector> vectors = new ArrayList<>(read.length);
        for (int c : read) {
            vectors.add(OrcValues.copy(columns.get(c).type(), batch.cols[c], count));
        }
        position += batch.size;
        return vectors;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** orc-core's view of a stripe; it never reads a store. */
    private static final class StripeData implements DataReader {
        private final OrcStripe stripe;
        private InStream.StreamOptions options;

        StripeData(OrcStripe stripe) {
            this.stripe = stripe;
        }

        @Override
        public void open() {
            // all bytes are here
        }

        @Override
        public OrcProto.StripeFooter readStripeFooter(StripeInformation information) throws IOException {
            byte[] bytes = stripe.footer();
            BufferChunk chunk = new BufferChunk(ByteBuffer.wrap(bytes), 0);
            return OrcProto.StripeFooter.parseFrom(InStream.createCodedInputStream(
                    InStream.create("stripe footer", chunk, 0, bytes.length, getCompressionOptions())));
        }

        @Override
        public BufferChunkList readFileData(BufferChunkList ranges, boolean forceDirect) throws IOException {
            stripe.fill(ranges.get());
            return ranges;
        }

        @Override
        public boolean isTrackingDiskRanges() {
            return false;
        }

        @Override
        @SuppressWarnings("deprecation")
        public void releaseBuffer(ByteBuffer buffer) {
            // the garbage collector's
        }

        @Override
        public void releaseAllBuffers() {
            // the garbage collector's
        }

        @Override
        public DataReader clone() {
            return new StripeData(stripe);
        }

        @Override
        public InStream.StreamOptions getCompressionOptions() {
            if (options == null) {
                options = InStream.options()
                        .withCodec(OrcCodecPool.getCodec(OrcProfile.COMPRESSION))
                        .withBufferSize(OrcProfile.BUFFER_BYTES);
            }
            return options;
        }

        @Override
        public void close() {
            if (options != null) {
                OrcCodecPool.returnCodec(OrcProfile.COMPRESSION, options.getCodec());
                options = null;
            }
        }
    }
}
