package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.ColumnStats;
import java.util.List;
import java.util.Optional;

/**
 * Column statistics of a data file.
 *
 * @see "spec/lake.md, section Column statistics"
 */
public final class ColumnStatsCodec {
    private static final Frame FRAME = new Frame("SHCS", 1, "column statistics");

    private ColumnStatsCodec() {}

    /** A frame of its own, for manifests. */
    public static byte[] write(List<ColumnStats> stats) {
        return FRAME.write(out -> writeBody(out, stats));
    }

    public static List<ColumnStats> read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, ColumnStatsCodec::readBody);
    }

    static void writeBody(ByteOutput out, List<ColumnStats> stats) {
        Elements.write(out, stats, ColumnStatsCodec::writeOne);
    }

    static List<ColumnStats> readBody(ByteInput in) {
        return Elements.read(in, 3, ColumnStatsCodec::readOne);
    }

    private static void writeOne(ByteOutput out, ColumnStats s) {
        out.writeVarint(s.fieldId());
        out.writeVarint(s.nullCount());
        out.writeBoolean(s.bounds().isPresent());
        if (s.bounds().isPresent()) {
            out.writeBytes(s.bounds().get().min());
            out.writeBytes(s.bounds().get().max());
        }
    }

    private static ColumnStats readOne(ByteInput in) {
        int fieldId = in.readInt();
        long nullCount = in.readVarint();
        Optional<ColumnStats.Bounds> bounds = in.readBoolean()
                ? Optional.of(new ColumnStats.Bounds(in.readBytes(), in.readBytes()))
                : Optional.empty();
        return new ColumnStats(fieldId, nullCount, bounds);
    }
}
