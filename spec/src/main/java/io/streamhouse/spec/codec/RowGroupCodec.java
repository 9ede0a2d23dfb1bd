package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.RowGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * Row groups of a data file and where their column chunks stand.
 *
 * @see "spec/lake.md, section Row groups"
 */
public final class RowGroupCodec {
    private static final Frame FRAME = new Frame("SHRG", 1, "row group list");

    private RowGroupCodec() {}

    /** A frame of its own, for manifests. */
    public static byte[] write(List<RowGroup> groups) {
        return FRAME.write(out -> writeBody(out, groups));
    }

    public static List<RowGroup> read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, RowGroupCodec::readBody);
    }

    static void writeBody(ByteOutput out, List<RowGroup> groups) {
        out.writeVarint(groups.size());
        long end = 0;
        for (RowGroup g : groups) {
            out.writeVarint(g.rowCount());
            out.writeVarint(g.chunks().size());
            for (ChunkLocator c : g.chunks()) {
                out.writeVarint(c.fieldId());
                // chunks usually follow one another, so the distance is one byte
                out.writeZigzag(c.offset() - end);
                out.writeVarint(c.length());
                out.writeVarint(c.codec());
                out.writeFixed32(c.crc());
                end = c.offset() + c.length();
            }
        }
    }

    static List<RowGroup> readBody(ByteInput in) {
        int count = in.readCount(2);
        List<RowGroup> out = new ArrayList<>(count);
        long end = 0;
        for (int i = 0; i < count; i++) {
            int rowCount = in.readInt();
            int chunkCount = in.readCount(8);
            List<ChunkLocator> chunks = new ArrayList<>(chunkCount);
            for (int k = 0; k < chunkCount; k++) {
                int fieldId = in.readInt();
                long offset = end + in.readZigzag();
                int length = in.readInt();
                int codec = in.readInt();
                ChunkLocator chunk = new ChunkLocator(fieldId, offset, length, codec, in.readFixed32());
                end = Math.addExact(offset, (long) length);
                chunks.add(chunk);
            }
            out.add(new RowGroup(rowCount, chunks));
        }
        return out;
    }
}
