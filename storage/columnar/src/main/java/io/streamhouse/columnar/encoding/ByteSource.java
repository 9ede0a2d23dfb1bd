package io.streamhouse.columnar.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reading position in a byte range, little-endian. Reads past the end are {@link CorruptEncodingException}, never
 * bytes of a neighbour. One thread.
 */
public final class ByteSource {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int position;

    public ByteSource(byte[] bytes, int from, int end) {
        if (from < 0 || from > end || end > bytes.length) {
            throw new CorruptEncodingException("range [%d, %d) of %d bytes".formatted(from, end, bytes.length));
        }
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    public byte[] array() {
        return bytes;
    }

    public int position() {
        return position;
    }

    public int end() {
        return end;
    }

    public int remaining() {
        return end - position;
    }

    /** Moves {@code count} bytes on and returns where they begin. */
    public int take(long count) {
        if (count < 0 || count > end - position) {
            throw new CorruptEncodingException(
                    "%d bytes wanted at %d, %d are left".formatted(count, position, end - position));
        }
        int at = position;
        position += (int) count;
        return at;
    }

    public int takeByte() {
        return bytes[take(1)] & 0xFF;
    }

    public int takeInt() {
        return (int) INT.get(bytes, take(4));
    }

    /** Four bytes at an index that {@link #take} returned. */
    public int intAt(int at) {
        return (int) INT.get(bytes, at);
    }

    /** Eight bytes at an index that {@link #take} returned. */
    public long longAt(int at) {
        return longAt(bytes, at);
    }

    static long longAt(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Unsigned variable-length integer of at most 64 bits. */
    public long takeVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = takeByte();
            value |= (long) (b & 0x7F) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new CorruptEncodingException("variable-length integer of more than ten bytes");
    }

    /** A variable-length integer that counts something. */
    public int takeCount(String what, long max) {
        long value = takeVarint();
        if (value < 0 || value > max) {
            throw new CorruptEncodingException("%s is %d, at most %d".formatted(what, value, max));
        }
        return (int) value;
    }

    public long takeZigZag() {
        long v = takeVarint();
        return (v >>> 1) ^ -(v & 1);
    }

    /** Unpacks {@code count} values of {@code width} (0 to 64) bits, lowest bit first. */
    public void takePacked(int width, int count, long[] out, int at) {
        int base = take(((long) count * width + 7) >>> 3);
        if (width == 0) {
            java.util.Arrays.fill(out, at, at + count, 0L);
            return;
        }
        long mask = width == 64 ? -1L : (1L << width) - 1;
        int i = 0;
        if (width <= 57) {
            // a value of up to 57 bits lies within the 8 bytes that begin at its first byte
            long bit = 0;
            int fast = fastCount(base, width, count);
            for (; i < fast; i++, bit += width) {
                out[at + i] = (longAt(bytes, base + (int) (bit >>> 3)) >>> (bit & 7)) & mask;
            }
        }
        for (; i < count; i++) {
            out[at + i] = slowValue(base, (long) i * width, width);
        }
    }

    /** Like {@link #takePacked(int, int, long[], int)} for widths of 0 to 32 bits. */
    public void takePacked(int width, int count, int[] out, int at) {
        int base = take(((long) count * width + 7) >>> 3);
        if (width == 0) {
            java.util.Arrays.fill(out, at, at + count, 0);
            return;
        }
        long mask = (1L << width) - 1;
        long bit = 0;
        int fast = fastCount(base, width, count);
        int i = 0;
        for (; i < fast; i++, bit += width) {
            out[at + i] = (int) ((longAt(bytes, base + (int) (bit >>> 3)) >>> (bit & 7)) & mask);
        }
        for (; i < count; i++) {
            out[at + i] = (int) slowValue(base, (long) i * width, width);
        }
    }

    /** How many values can be loaded as 8 bytes without leaving the array. */
    private int fastCount(int base, int width, int count) {
        long lastByte = (long) bytes.length - 8 - base;
        return lastByte < 0 ? 0 : (int) Math.min(count, (lastByte * 8 + 7) / width + 1);
    }

    private long slowValue(int base, long bit, int width) {
        long value = 0;
        for (int b = 0; b < width; b++) {
            long p = bit + b;
            value |= (long) ((bytes[base + (int) (p >>> 3)] >>> (p & 7)) & 1) << b;
        }
        return value;
    }
}
