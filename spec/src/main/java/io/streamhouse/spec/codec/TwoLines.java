package io.streamhouse.spec.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The outer form of JSON records: line one is the record, line two is exactly {@code {"length":<bytes of line
 * one>,"crc32c":"<8 hexadecimal digits>"}}; both end with a line feed. The form is the same in all versions.
 *
 * @see "spec/table.md, section Two lines"
 */
final class TwoLines {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private TwoLines() {}

    static byte[] write(ObjectNode record) {
        byte[] line;
        try {
            line = JSON.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("record cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
        byte[] trailer = trailer(line, line.length);
        byte[] out = Arrays.copyOf(line, line.length + 1 + trailer.length);
        out[line.length] = '\n';
        System.arraycopy(trailer, 0, out, line.length + 1, trailer.length);
        return out;
    }

    private static byte[] trailer(byte[] bytes, int length) {
        String crc = Checksums.hex(Checksums.crc32c(bytes, 0, length));
        return ("{\"length\":" + length + ",\"crc32c\":\"" + crc + "\"}\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Bytes of line one without its line feed; {@code CORRUPT_FILE} if line two does not confirm them. */
    static int firstLine(byte[] bytes, String object) {
        int length = lineLength(bytes);
        if (length == bytes.length) {
            throw StreamhouseException.corrupt(object, "%d bytes without an end of line one".formatted(length));
        }
        byte[] expected = trailer(bytes, length);
        if (!Arrays.equals(bytes, length + 1, bytes.length, expected, 0, expected.length)) {
            throw StreamhouseException.corrupt(
                    object,
                    "line two does not confirm line one, expected %s"
                            .formatted(new String(expected, StandardCharsets.US_ASCII).trim()));
        }
        return length;
    }

    /** Bytes before the first line feed, or all; eight at a time, for records are long and read often. */
    private static int lineLength(byte[] bytes) {
        int at = 0;
        for (int last = bytes.length - Long.BYTES; at <= last; at += Long.BYTES) {
            long zeroIfFeed = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
            if ((zeroIfFeed - LOW_BITS & ~zeroIfFeed & HIGH_BITS) != 0) {
                break;
            }
        }
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** The record of line one, after line two confirmed it. */
    static JsonRecord read(byte[] bytes, String object) {
        int length = firstLine(bytes, object);
        try {
            JsonNode node = JSON.readTree(bytes, 0, length);
            return JsonRecord.of(node, object, "record");
        } catch (IOException e) {
            throw StreamhouseException.corrupt(object, "line one is not JSON", e);
        }
    }
}
