package io.streamhouse.cli.demo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * Canonical bytes of a row, so that rows from different readers can be compared and hashed.
 *
 * <p>Equal values give equal bytes whatever class carries them: integers of all widths as eight bytes, decimals without
 * trailing zeros, dates as days. Values of different kinds never give equal bytes. Not thread-safe; the buffer is reused.
 */
final class RowBytes {
    private static final byte NULL = 0;
    private static final byte INTEGER = 1;
    private static final byte DECIMAL = 2;
    private static final byte TEXT = 3;
    private static final byte DATE = 4;

    private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

    /** Encodes the row; the bytes stand in {@link #array()} up to {@link #length()} until the next call. */
    void encode(Object[] row) {
        buffer.clear();
        for (Object value : row) {
            append(value);
        }
    }

    /** Encodes the row and returns how many bytes its first columns take: the encoding of a leading key. */
    int encode(Object[] row, int keyColumns) {
        buffer.clear();
        int keyLength = 0;
        for (int i = 0; i < row.length; i++) {
            append(row[i]);
            keyLength = i + 1 == keyColumns ? buffer.position() : keyLength;
        }
        return keyLength;
    }

    byte[] array() {
        return buffer.array();
    }

    int length() {
        return buffer.position();
    }

    byte[] copy() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void append(Object value) {
        if (value == null) {
            room(1).put(NULL);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            room(9).put(INTEGER).putLong(((Number) value).longValue());
        } else if (value instanceof BigDecimal decimal) {
            appendDecimal(decimal);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            room(5 + bytes.length).put(TEXT).putInt(bytes.length).put(bytes);
        } else if (value instanceof LocalDate date) {
            room(9).put(DATE).putLong(date.toEpochDay());
        } else {
            throw new IllegalArgumentException(
                    "no canonical bytes for a " + value.getClass().getName());
        }
    }

    private void appendDecimal(BigDecimal decimal) {
        BigDecimal shortest = decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
        BigInteger unscaled = shortest.unscaledValue();
        byte[] bytes = unscaled.toByteArray();
        room(6 + bytes.length)
                .put(DECIMAL)
                .putInt(shortest.scale())
                .put((byte) bytes.length)
                .put(bytes);
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
                    .order(ByteOrder.LITTLE_ENDIAN);
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }
}
