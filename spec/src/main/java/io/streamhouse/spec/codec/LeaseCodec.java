package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.table.Lease;

/**
 * {@code consumers/lease-<uuid>/<n>}: what a reader keeps from expiring.
 *
 * @see "spec/commit.md, section Leases"
 */
public final class LeaseCodec {
    /** Format version that this build reads and writes. */
    public static final int FORMAT_VERSION = 1;

    private LeaseCodec() {}

    /**
     * The object's bytes.
     *
     * @param object path of the object in the table; the record holds it, so that no other can take its place
     */
    public static byte[] write(Lease lease, String object) {
        ObjectNode out = TwoLines.JSON.createObjectNode();
        out.put("format-version", FORMAT_VERSION);
        out.put("oldest-snapshot", lease.oldestSnapshot());
        out.put("valid-until-millis", lease.validUntilMillis());
        out.put("owner", lease.owner());
        out.put(OwnPlace.FIELD, object);
        return TwoLines.write(out);
    }

    /** Refuses damaged bytes, and a record of another object. */
    public static Lease read(byte[] bytes, String object) {
        JsonRecord in = TwoLines.read(bytes, object);
        in.checkVersion(FORMAT_VERSION);
        OwnPlace.check(in, object);
        return Frame.checked(
                object,
                () -> new Lease(in.longOf("oldest-snapshot"), in.longOf("valid-until-millis"), in.text("owner")));
    }
}
