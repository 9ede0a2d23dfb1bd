package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.OptionalLong;

/** Tells a file that is gone with its snapshot from one that should be there. */
final class Expiry {
    private Expiry() {}

    /** The error to throw for a failed read of a snapshot: {@code SNAPSHOT_EXPIRED} if that is why a file is missing. */
    static StreamhouseException explained(StreamhouseException failure, Table table, long snapshotId)
            throws IOException {
        if (failure.code() != ErrorCode.MISSING_FILE) {
            return failure;
        }
        OptionalLong earliest = table.snapshots().earliestId();
        if (earliest.isEmpty() || earliest.getAsLong() <= snapshotId) {
            return failure;
        }
        return new StreamhouseException(
                ErrorCode.SNAPSHOT_EXPIRED,
                "snapshot %d of %s expired while it was read, the earliest that can be read is %d"
                        .formatted(snapshotId, table.name(), earliest.getAsLong()),
                failure);
    }
}
