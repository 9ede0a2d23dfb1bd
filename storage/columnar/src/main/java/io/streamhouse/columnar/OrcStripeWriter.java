package io.streamhouse.columnar;

import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.impl.PhysicalFsWriter;
import org.apache.orc.impl.StreamName;
import org.apache.orc.impl.writer.WriterEncryptionVariant;

/** Puts stripes into the object and notes where the streams of each column stand, with their checksums. One thread. */
final class OrcStripeWriter extends PhysicalFsWriter {
    private final StoreOutput out;
    private final List<Field> columns;
    private final List<RowGroup> rowGroups = new ArrayList<>();
    private boolean closed;

    OrcStripeWriter(StoreOutput out, FSDataOutputStream orcOut, OrcFile.WriterOptions options, List<Field> columns)
            throws IOException {
        super(orcOut, options, new WriterEncryptionVariant[0]);
        this.out = out;
        this.columns = List.copyOf(columns);
    }

    List<RowGroup> rowGroups() {
        return rowGroups;
    }

    @Override
    public void finalizeStripe(OrcProto.StripeFooter.Builder footer, OrcProto.StripeInformation.Builder entry)
            throws IOException {
        long start = out.getPos();
        out.keepTail();
        super.finalizeStripe(footer, entry);
        byte[] stripe = out.takeTail();
        long parts = entry.getIndexLength() + entry.getDataLength() + entry.getFooterLength();
        if (entry.getOffset() != start || parts != stripe.length) {
            throw new IllegalStateException(
                    "stripe at %d with %d bytes, orc-core says %s".formatted(start, stripe.length, entry));
        }
        rowGroups.add(new RowGroup((int) entry.getNumberOfRows(), locators(footer, entry, stripe)));
    }

    private List<ChunkLocator> locators(
            OrcProto.StripeFooter.Builder footer, OrcProto.StripeInformation.Builder entry, byte[] stripe) {
        long[] lengths = new long[columns.size() + 1];
        int last = 0;
        for (OrcProto.Stream stream : footer.getStreamsList()) {
            if (StreamName.getArea(stream.getKind()) == StreamName.Area.DATA && stream.getLength() > 0) {
                if (stream.getColumn() < Math.max(1, last)) {
                    throw new IllegalStateException(
                            "a stream of ORC column %d follows one of %d".formatted(stream.getColumn(), last));
                }
                last = stream.getColumn();
                lengths[last] += stream.getLength();
            }
        }
        List<ChunkLocator> locators = new ArrayList<>(columns.size() + FileCheck.EXTRA_CHUNKS);
        int index = (int) entry.getIndexLength();
        int at = index;
        for (int c = 0; c < columns.size(); c++) {
            int length = (int) lengths[c + 1];
            locators.add(locator(columns.get(c).id(), entry.getOffset(), stripe, at, length));
            at += length;
        }
        if (at != index + entry.getDataLength()) {
            throw new IllegalStateException("streams end at %d, the stripe is %s".formatted(at, entry));
        }
        locators.add(locator(FileCheck.NO_FIELD, entry.getOffset(), stripe, 0, index));
        locators.add(locator(FileCheck.NO_FIELD, entry.getOffset(), stripe, at, stripe.length - at));
        return locators;
    }

    private static ChunkLocator locator(int fieldId, long stripeOffset, byte[] stripe, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(stripe, from, length);
        return new ChunkLocator(fieldId, stripeOffset + from, length, OrcProfile.CODEC, (int) crc.getValue());
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            super.close();
        }
    }
}
