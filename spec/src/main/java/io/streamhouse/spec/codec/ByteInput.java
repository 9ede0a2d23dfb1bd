package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads what {@link ByteOutput} wrote; every length is checked against the bytes that are left before anything is
 * allocated. Anything malformed, overlong varints too, is {@code CORRUPT_FILE} naming the object. One thread.
 */
public final class ByteInput {
    private final byte[] bytes;
    private final int end;
    private final String object;
    private int at;

    /** Reads {@code bytes[from .. to)}; {@code object} is what errors name. */
    public ByteInput(byte[] bytes, int from, int to, String object) {
        if (from < 0 || from > to || to > bytes.length) {
            throw new IllegalArgumentException("range [%d, %d) of %d bytes".formatted(from, to, bytes.length));
        }
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.object = object;
    }

    public ByteInput(byte[] bytes, String object) {
        this(bytes, 0, bytes.length, object);
    }

    /** What errors name. */
    public String object() {
        return object;
    }

    /** Bytes left. */
    public int remaining() {
        return end - at;
    }

    /** An error of this object at the present position. */
    public StreamhouseException corrupt(String what) {
        return StreamhouseException.corrupt(object, "%s at byte %d".formatted(what, at));
    }

    /** Refuses bytes that are left over. */
    public void expectEnd() {
        if (at != end) {
            throw corrupt("%d bytes too many".formatted(end - at));
        }
    }

    private void need(int count) {
        if (count > end - at) {
            throw corrupt("%d bytes needed, %d left".formatted(count, end - at));
        }
    }

    /** One byte, 0 to 255. */
    public int readByte() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    /** 0 or 1. */
    public boolean readBoolean() {
        int value = readByte();
        if (value > 1) {
            throw corrupt("flag byte %d is neither 0 nor 1".formatted(value));
        }
        return value == 1;
    }

    public int readFixed32() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (bytes[at++] & 0xFF) << (8 * i);
        }
        return value;
    }

    public long readFixed64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (bytes[at++] & 0xFFL) << (8 * i);
        }
        return value;
    }

    /** Varint of 64 unsigned bits. */
    public long readUnsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = readByte();
            value |= (b & 0x7FL) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0 || shift == 63 && b > 1) {
                    throw corrupt("overlong varint");
                }
                return value;
            }
        }
        throw corrupt("varint of more than 10 bytes");
    }

    /** Varint of a number that is never negative. */
    public long readVarint() {
        long value = readUnsigned();
        if (value < 0) {
            throw corrupt("number %s above 2^63".formatted(Long.toUnsignedString(value)));
        }
        return value;
    }

    /** Varint from 0 to 2^31 - 1. */
    public int readInt() {
        long value = readUnsigned();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw corrupt("number %s above 2^31".formatted(Long.toUnsignedString(value)));
        }
        return (int) value;
    }

    public long readZigzag() {
        long value = readUnsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Number of elements of at least {@code minBytes} (1 or more) bytes each, so it cannot exceed what is left. */
    public int readCount(int minBytes) {
        long value = readUnsigned();
        if (value < 0 || value > remaining() / minBytes) {
            throw corrupt("%s elements of at least %d bytes in %d bytes"
                    .formatted(Long.toUnsignedString(value), minBytes, remaining()));
        }
        return (int) value;
    }

    /** Copies {@code length} bytes to {@code out}. */
    public void readRaw(byte[] out, int offset, int length) {
        need(length);
        System.arraycopy(bytes, at, out, offset, length);
        at += length;
    }

    /** Varint length, then the bytes. */
    public byte[] readBytes() {
        int length = readCount(1);
        byte[] out = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return out;
    }

    /** Varint length, then strict UTF-8. */
    public String readString() {
        int length = readCount(1);
        try {
            String out = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            at += length;
            return out;
        } catch (CharacterCodingException e) {
            throw corrupt("text is not UTF-8");
        }
    }

    public UUID readUuid() {
        return new UUID(Long.reverseBytes(readFixed64()), Long.reverseBytes(readFixed64()));
    }
}
