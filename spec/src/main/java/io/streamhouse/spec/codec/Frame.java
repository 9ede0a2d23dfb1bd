package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The outer form of every binary record: four magic characters, a version byte, a flags byte, the body, and the CRC-32C
 * of everything before it (4 bytes, little-endian). The form is the same in all versions, so the checksum is verified
 * before the version is looked at: a damaged version byte is damage, not a newer version.
 *
 * @see "spec/table.md, section Frames"
 */
final class Frame {
    /** Bytes around a body. */
    static final int OVERHEAD = 10;

    private final String magic;
    private final int version;
    private final String what;

    /**
     * @param magic four ASCII characters
     * @param version the only version that this build reads and writes
     * @param what the record's name in errors
     */
    Frame(String magic, int version, String what) {
        if (magic.length() != 4) {
            throw new IllegalArgumentException("magic '" + magic + "' has not four characters");
        }
        this.magic = magic;
        this.version = version;
        this.what = what;
    }

    byte[] write(Consumer<ByteOutput> body) {
        ByteOutput out = new ByteOutput();
        out.writeRaw(magic.getBytes(StandardCharsets.US_ASCII), 0, 4);
        out.writeByte(version);
        out.writeByte(0);
        body.accept(out);
        out.writeFixed32(out.crc());
        return out.toByteArray();
    }

    <T> T read(byte[] bytes, String object, Function<ByteInput, T> body) {
        if (bytes.length < OVERHEAD) {
            throw StreamhouseException.corrupt(
                    object, "%s of %d bytes, at least %d are needed".formatted(what, bytes.length, OVERHEAD));
        }
        int bodyEnd = bytes.length - 4;
        int expected = new ByteInput(bytes, bodyEnd, bytes.length, object).readFixed32();
        int actual = Checksums.crc32c(bytes, 0, bodyEnd);
        if (actual != expected) {
            throw StreamhouseException.corrupt(
                    object,
                    "%s has checksum %s, expected %s".formatted(what, Checksums.hex(actual), Checksums.hex(expected)));
        }
        for (int i = 0; i < 4; i++) {
            if (bytes[i] != magic.charAt(i)) {
                throw StreamhouseException.corrupt(object, "no %s: it does not begin with %s".formatted(what, magic));
            }
        }
        ByteInput in = new ByteInput(bytes, 4, bodyEnd, object);
        int version = in.readByte();
        int flags = in.readByte();
        if (version != this.version || flags != 0) {
            throw StreamhouseException.unknownVersion(
                    object, "%s of version %d, flags %d; known is %d".formatted(what, version, flags, this.version));
        }
        T value = checked(object, () -> body.apply(in));
        in.expectEnd();
        return value;
    }

    /** What the records' own checks refuse is damage here. */
    static <T> T checked(String object, java.util.function.Supplier<T> decode) {
        try {
            return decode.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw StreamhouseException.corrupt(object, "impossible content: " + e.getMessage(), e);
        }
    }
}
