package io.streamhouse.read;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.Checksums;
import java.util.function.Consumer;
import java.util.function.Function;

/** Outer form of encoded splits: version byte, body, CRC-32C of both (4 bytes). For checkpoints and shipping, not files. */
final class SplitFrame {
    private final String what;
    private final int version;

    SplitFrame(String what, int version) {
        this.what = what;
        this.version = version;
    }

    byte[] write(Consumer<ByteOutput> body) {
        ByteOutput out = new ByteOutput();
        out.writeByte(version);
        body.accept(out);
        out.writeFixed32(out.crc());
        return out.toByteArray();
    }

    <T> T read(byte[] bytes, Function<ByteInput, T> body) {
        int end = bytes.length - 4;
        if (end < 1 || new ByteInput(bytes, end, bytes.length, what).readFixed32() != Checksums.crc32c(bytes, 0, end)) {
            throw StreamhouseException.corrupt(what, "checksum of %d bytes is wrong".formatted(bytes.length));
        }
        ByteInput in = new ByteInput(bytes, 0, end, what);
        int found = in.readByte();
        if (found != version) {
            throw StreamhouseException.unknownVersion(
                    what, "version %d, this build knows %d".formatted(found, version));
        }
        try {
            T value = body.apply(in);
            in.expectEnd();
            return value;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw StreamhouseException.corrupt(what, String.valueOf(e.getMessage()), e);
        }
    }
}
