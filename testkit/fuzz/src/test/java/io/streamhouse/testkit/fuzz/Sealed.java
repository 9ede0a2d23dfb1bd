package io.streamhouse.testkit.fuzz;

import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.testkit.ParserJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Bytes under a right checksum: no fuzzer guesses one, and behind it the parser begins. */
final class Sealed {
    /** How long the profile {@code fuzz} stays at one target. */
    static final String DURATION = "45s";

    /** Most bytes that a parser may allocate for one byte of its input: records are larger than their encoding. */
    static final int FACTOR = 512;

    static final String OBJECT = "fuzzed/object";

    private Sealed() {}

    /** A frame with its CRC-32C behind it. */
    static byte[] frame(byte[] body) {
        ByteOutput out = new ByteOutput();
        out.writeRaw(body, 0, body.length);
        out.writeFixed32(out.crc());
        return out.toByteArray();
    }

    /** A record as line one of two. */
    static byte[] lines(byte[] line) {
        ByteOutput out = new ByteOutput();
        out.writeRaw(line, 0, line.length);
        byte[] trailer = "\n{\"length\":%d,\"crc32c\":\"%s\"}\n"
                .formatted(line.length, Checksums.hex(Checksums.crc32c(line)))
                .getBytes(StandardCharsets.US_ASCII);
        out.writeRaw(trailer, 0, trailer.length);
        return out.toByteArray();
    }

    /** The bytes as they are, and framed. */
    static void parseFrame(byte[] data, BiConsumer<byte[], String> read) throws IOException {
        parse(data, read);
        parse(frame(data), read);
    }

    /** The bytes as they are, and as line one of two. */
    static void parseLines(byte[] data, BiConsumer<byte[], String> read) throws IOException {
        parse(data, read);
        parse(lines(data), read);
    }

    static void parse(byte[] bytes, BiConsumer<byte[], String> read) throws IOException {
        ParserJudge.judge(OBJECT, bytes.length, FACTOR, () -> read.accept(bytes, OBJECT));
    }
}
