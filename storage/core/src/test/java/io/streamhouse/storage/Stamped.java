package io.streamhouse.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Contents that say who wrote them and can be told from every part of themselves. */
public final class Stamped {
    private static final int HEADER_BYTES = 16;

    private Stamped() {}

    /** Content of a writer: 16 bytes of header, then a filling derived from it. */
    public static byte[] content(int writer, int fillBytes) {
        byte[] bytes = new byte[HEADER_BYTES + fillBytes];
        Arrays.fill(bytes, (byte) (writer * 31 + 7));
        ByteBuffer.wrap(bytes).putLong(writer).putLong(bytes.length);
        return bytes;
    }

    /** The writer of a whole content, or -1. */
    public static int writerOf(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            return -1;
        }
        int writer = (int) ByteBuffer.wrap(bytes).getLong();
        return Arrays.equals(bytes, content(writer, bytes.length - HEADER_BYTES))
                        && ByteBuffer.wrap(bytes).getLong(8) == bytes.length
                ? writer
                : -1;
    }
}
