package io.streamhouse.read.rows;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.DataFileCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/** Ranges and positions inside an encoded split; deltas as varints, masks in Roaring's portable form. */
public final class RangeBytes {
    private RangeBytes() {}

    public static void write(ByteOutput out, FileRanges ranges) {
        FileRanges own = ranges.trimmed();
        out.writeBytes(DataFileCodec.write(own.file()));
        writeAscending(out, own.bounds());
        ByteArrayOutputStream mask = new ByteArrayOutputStream();
        if (!own.hidden().isEmpty()) {
            try {
                own.hidden().serialize(new DataOutputStream(mask));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        out.writeBytes(mask.toByteArray());
    }

    public static FileRanges readRanges(ByteInput in) {
        var file = DataFileCodec.read(in.readBytes(), in.object());
        int[] bounds = readAscending(in);
        byte[] mask = in.readBytes();
        RoaringBitmap hidden = new RoaringBitmap();
        if (mask.length > 0) {
            try {
                hidden.deserialize(ByteBuffer.wrap(mask));
            } catch (IOException | RuntimeException e) {
                throw StreamhouseException.corrupt(in.object(), "a mask of %d bytes".formatted(mask.length), e);
            }
        }
        return new FileRanges(file, bounds, hidden);
    }

    public static void write(ByteOutput out, FilePositions positions) {
        out.writeBytes(DataFileCodec.write(positions.file()));
        writeAscending(out, positions.positions());
    }

    public static FilePositions readPositions(ByteInput in) {
        return new FilePositions(DataFileCodec.read(in.readBytes(), in.object()), readAscending(in));
    }

    private static void writeAscending(ByteOutput out, int[] values) {
        out.writeVarint(values.length);
        int last = 0;
        for (int v : values) {
            out.writeVarint(v - last);
            last = v;
        }
    }

    private static int[] readAscending(ByteInput in) {
        int[] out = new int[in.readCount(1)];
        int last = 0;
        for (int i = 0; i < out.length; i++) {
            last = Math.addExact(last, in.readInt());
            out[i] = last;
        }
        return out;
    }
}
