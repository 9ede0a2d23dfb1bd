package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.BlockRef;

/** A block reference in frames: 0 and the bytes, or 1 and path, offset, length, CRC-32C. */
final class BlockRefBytes {
    private static final int INLINE = 0;
    private static final int STORED = 1;

    private BlockRefBytes() {}

    static void write(ByteOutput out, BlockRef ref) {
        if (ref instanceof BlockRef.Stored s) {
            out.writeByte(STORED);
            out.writeString(s.path());
            out.writeVarint(s.offset());
            out.writeVarint(s.length());
            out.writeFixed32(s.crc());
        } else {
            out.writeByte(INLINE);
            out.writeBytes(((BlockRef.Inline) ref).bytes());
        }
    }

    static BlockRef read(ByteInput in) {
        int tag = in.readByte();
        return switch (tag) {
            case INLINE -> new BlockRef.Inline(in.readBytes());
            case STORED -> new BlockRef.Stored(in.readString(), in.readVarint(), in.readInt(), in.readFixed32());
            default -> throw EnumCodes.unknown(in.object(), BlockRef.class, Integer.toString(tag));
        };
    }
}
