package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * The slices of a data file. First rows are not stored: slices follow one another without gaps from row 0.
 *
 * @see "spec/lake.md, section Slices"
 */
public final class SliceCodec {
    private static final Frame FRAME = new Frame("SHSL", 1, "slice list");
    private static final int MIN_BYTES = 6 + DigestBytes.LENGTH;

    private SliceCodec() {}

    /** A frame of its own, for manifests. */
    public static byte[] write(List<Slice> slices) {
        return FRAME.write(out -> writeBody(out, slices));
    }

    public static List<Slice> read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, SliceCodec::readBody);
    }

    static void writeBody(ByteOutput out, List<Slice> slices) {
        out.writeVarint(slices.size());
        PartitionRun partitions = new PartitionRun();
        int row = 0;
        for (Slice s : slices) {
            if (s.firstRow() != row) {
                throw new IllegalArgumentException("slice begins at row %d, not at %d".formatted(s.firstRow(), row));
            }
            row = Math.addExact(row, s.rowCount());
            partitions.write(out, s.partition());
            out.writeVarint(s.modulus());
            out.writeVarint(s.bucket());
            out.writeVarint(s.rowCount());
            out.writeBytes(s.keys().min());
            out.writeBytes(s.keys().max());
            DigestBytes.write(out, s.keys().digest());
        }
    }

    static List<Slice> readBody(ByteInput in) {
        int count = in.readCount(MIN_BYTES);
        List<Slice> out = new ArrayList<>(count);
        PartitionRun partitions = new PartitionRun();
        int row = 0;
        for (int i = 0; i < count; i++) {
            Partition partition = partitions.read(in);
            int modulus = in.readInt();
            int bucket = in.readInt();
            int rowCount = in.readInt();
            Slice.KeyRange keys = new Slice.KeyRange(in.readBytes(), in.readBytes(), DigestBytes.read(in));
            out.add(new Slice(partition, modulus, bucket, row, rowCount, keys));
            row = Math.addExact(row, rowCount);
        }
        return out;
    }
}
