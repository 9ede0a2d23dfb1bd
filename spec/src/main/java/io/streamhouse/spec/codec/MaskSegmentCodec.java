package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A mask segment: snapshot range, the touched files' UUIDs, then per file the number of positions, the first one and
 * the distances minus one.
 *
 * @see "spec/lake.md, section Mask segments"
 */
public final class MaskSegmentCodec {
    private static final Frame FRAME = new Frame("SHMS", 1, "mask segment");

    private MaskSegmentCodec() {}

    public static byte[] write(MaskSegment segment) {
        return FRAME.write(out -> writeBody(out, segment));
    }

    public static MaskSegment read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, MaskSegmentCodec::readBody);
    }

    private static void writeBody(ByteOutput out, MaskSegment segment) {
        out.writeVarint(segment.fromSnapshot());
        out.writeVarint(segment.toSnapshot() - segment.fromSnapshot());
        out.writeVarint(segment.masks().size());
        UUID last = null;
        for (FileMask m : segment.masks()) {
            if (last != null && compare(last, m.file()) >= 0) {
                throw new IllegalArgumentException("mask of %s follows that of %s".formatted(m.file(), last));
            }
            last = m.file();
            out.writeUuid(last);
        }
        for (FileMask m : segment.masks()) {
            Positions.write(out, m.positions());
        }
    }

    private static MaskSegment readBody(ByteInput in) {
        long from = in.readVarint();
        long to = from + in.readVarint();
        int files = in.readCount(16 + 2);
        UUID[] ids = new UUID[files];
        for (int i = 0; i < files; i++) {
            ids[i] = in.readUuid();
            if (i > 0 && compare(ids[i - 1], ids[i]) >= 0) {
                throw in.corrupt("mask of %s follows that of %s".formatted(ids[i], ids[i - 1]));
            }
        }
        List<FileMask> masks = new ArrayList<>(files);
        for (int i = 0; i < files; i++) {
            masks.add(new FileMask(ids[i], Positions.read(in)));
        }
        return new MaskSegment(from, to, masks);
    }

    /** Files ascend by UUID as two unsigned longs, which is the order of their text. */
    public static int compare(UUID a, UUID b) {
        int c = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return c != 0 ? c : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }
}
