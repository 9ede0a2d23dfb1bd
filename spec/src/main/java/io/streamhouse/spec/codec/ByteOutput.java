package io.streamhouse.spec.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Growing bytes with the format's primitives. One thread.
 *
 * <p>Fixed-width numbers are little-endian. A varint has seven bits a byte, lowest first, and is as short as possible; a
 * zigzag varint maps 0, -1, 1, -2 … to 0, 1, 2, 3 ….
 */
public final class ByteOutput {
    private static final int MAX_SIZE = Integer.MAX_VALUE - 64;

    private byte[] bytes = new byte[256];
    private int size;

    /** Bytes so far. */
    public int size() {
        return size;
    }

    /** A copy of the bytes so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** CRC-32C of the bytes so far. */
    public int crc() {
        return Checksums.crc32c(bytes, 0, size);
    }

    private void reserve(int more) {
        long needed = (long) size + more;
        if (needed > MAX_SIZE) {
            throw new IllegalArgumentException("an encoded record of " + needed + " bytes exceeds 2 GiB");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, bytes.length * 2L)));
        }
    }

    /** One byte, 0 to 255. */
    public void writeByte(int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("byte " + value);
        }
        reserve(1);
        bytes[size++] = (byte) value;
    }

    /** 0 or 1. */
    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** Four bytes, little-endian. */
    public void writeFixed32(int value) {
        reserve(4);
        for (int i = 0; i < 4; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
    }

    /** Eight bytes, little-endian. */
    public void writeFixed64(long value) {
        reserve(8);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
    }

    /** Varint of 64 unsigned bits. */
    public void writeUnsigned(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Varint of a number that is never negative. */
    public void writeVarint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative number " + value);
        }
        writeUnsigned(value);
    }

    /** Zigzag varint. */
    public void writeZigzag(long value) {
        writeUnsigned((value << 1) ^ (value >> 63));
    }

    /** Bytes without a length. */
    public void writeRaw(byte[] value, int offset, int length) {
        reserve(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
    }

    /** Varint length, then the bytes. */
    public void writeBytes(byte[] value) {
        writeVarint(value.length);
        writeRaw(value, 0, value.length);
    }

    /** Varint length, then UTF-8; unpaired surrogates are refused. */
    public void writeString(String value) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            writeVarint(utf8.remaining());
            writeRaw(utf8.array(), utf8.arrayOffset() + utf8.position(), utf8.remaining());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text with an unpaired surrogate cannot be stored", e);
        }
    }

    /** Sixteen bytes, big-endian as in the UUID's text. */
    public void writeUuid(UUID value) {
        writeFixed64(Long.reverseBytes(value.getMostSignificantBits()));
        writeFixed64(Long.reverseBytes(value.getLeastSignificantBits()));
    }
}
