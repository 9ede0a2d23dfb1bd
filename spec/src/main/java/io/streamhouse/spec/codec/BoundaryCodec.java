package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.StreamhouseException;

/**
 * {@code boundary/<n>}: up to which snapshot id slots are expired.
 *
 * @see "spec/commit.md, section Boundary"
 */
public final class BoundaryCodec {
    /** Format version that this build reads and writes. */
    public static final int FORMAT_VERSION = 1;

    private BoundaryCodec() {}

    /**
     * The object's bytes.
     *
     * @param expiredThrough newest expired snapshot id, at least 0
     */
    public static byte[] write(long expiredThrough) {
        if (expiredThrough < 0) {
            throw new IllegalArgumentException("boundary at " + expiredThrough);
        }
        ObjectNode out = TwoLines.JSON.createObjectNode();
        out.put("format-version", FORMAT_VERSION);
        out.put("expired-through", expiredThrough);
        return TwoLines.write(out);
    }

    /** The newest expired snapshot id. */
    public static long read(byte[] bytes, String object) {
        JsonRecord in = TwoLines.read(bytes, object);
        in.checkVersion(FORMAT_VERSION);
        long value = in.longOf("expired-through");
        if (value < 0) {
            throw StreamhouseException.corrupt(object, "boundary at " + value);
        }
        return value;
    }
}
