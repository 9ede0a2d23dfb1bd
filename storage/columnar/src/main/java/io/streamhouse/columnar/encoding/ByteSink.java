package io.streamhouse.columnar.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Growing byte buffer, little-endian. One thread. */
public final class ByteSink {
    /** Largest content; past it growing is refused. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteSink(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** The buffer itself; the first {@link #size()} bytes count. */
    public byte[] array() {
        return bytes;
    }

    public int size() {
        return size;
    }

    /** Forgets what stands behind {@code newSize}. */
    public void truncate(int newSize) {
        size = newSize;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int count) {
        long needed = (long) size + count;
        if (needed > bytes.length) {
            if (needed > MAX_BYTES) {
                throw new IllegalStateException("a column buffer of " + needed + " bytes is too large");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2L)));
        }
    }

    public void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    public void putInt(int value) {
        reserve(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    public void putLong(long value) {
        reserve(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    public void put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Overwrites four bytes at {@code position}. */
    public void setInt(int position, int value) {
        INT.set(bytes, position, value);
    }

    /** Unsigned variable-length integer, seven bits a byte. */
    public void putVarint(long value) {
        reserve(10);
        long v = value;
        while ((v & ~0x7FL) != 0) {
            bytes[size++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        bytes[size++] = (byte) v;
    }

    public void putZigZag(long value) {
        putVarint((value << 1) ^ (value >> 63));
    }

    /**
     * Appends {@code count} values of {@code width} bits each, lowest bit first, filled up to whole bytes.
     *
     * @param width 0 to 64; higher bits of a value are ignored
     */
    public void putPacked(long[] values, int from, int count, int width) {
        if (width == 0) {
            return;
        }
        int total = (int) (((long) count * width + 7) >>> 3);
        reserve(total + 8);
        long mask = width == 64 ? -1L : (1L << width) - 1;
        long word = 0;
        int filled = 0;
        int at = size;
        for (int i = from; i < from + count; i++) {
            long v = values[i] & mask;
            word |= v << filled;
            filled += width;
            if (filled >= 64) {
                LONG.set(bytes, at, word);
                at += 8;
                filled -= 64;
                word = filled == 0 ? 0 : v >>> (width - filled);
            }
        }
        if (filled > 0) {
            LONG.set(bytes, at, word);
        }
        size += total;
    }
}
