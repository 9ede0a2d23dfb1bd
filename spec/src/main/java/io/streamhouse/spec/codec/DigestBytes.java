package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.KeyDigest;

/** A key digest in frames: sixteen bytes, low half first, little-endian. */
final class DigestBytes {
    static final int LENGTH = 16;

    private DigestBytes() {}

    static void write(ByteOutput out, KeyDigest digest) {
        out.writeFixed64(digest.low());
        out.writeFixed64(digest.high());
    }

    static KeyDigest read(ByteInput in) {
        long low = in.readFixed64();
        long high = in.readFixed64();
        return new KeyDigest(high, low);
    }
}
