package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.table.Boundary;

/**
 * {@code boundary/<n>}: up to which snapshot id slots are expired.
 *
 * @see "spec/commit.md, section Boundary"
 */
public final class BoundaryCodec {
    /** Format version that this build reads and writes. */
    public static final int FORMAT_VERSION = 1;

    private static final String TIME = "time-millis";

    private BoundaryCodec() {}

    /**
     * The object's bytes.
     *
     * @param object path of the object in the table; the record holds it, so that no other can take its place
     */
    public static byte[] write(Boundary boundary, String object) {
        ObjectNode out = TwoLines.JSON.createObjectNode();
        out.put("format-version", FORMAT_VERSION);
        out.put("expired-through", boundary.expiredThrough());
        if (boundary.timeMillis() > 0) {
            out.put(TIME, boundary.timeMillis());
        }
        out.put(OwnPlace.FIELD, object);
        return TwoLines.write(out);
    }

    /** Refuses damaged bytes, and a record of another object. */
    public static Boundary read(byte[] bytes, String object) {
        JsonRecord in = TwoLines.read(bytes, object);
        in.checkVersion(FORMAT_VERSION);
        OwnPlace.check(in, object);
        return Frame.checked(
                object,
                () -> new Boundary(
                        in.longOf("expired-through"), in.optionalLong(TIME).orElse(0)));
    }
}
