package io.streamhouse.write;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;

/** A head that expired, objects and all, while the process that goes by it was stopped. */
final class StaleHead {
    private StaleHead() {}

    /** The newest snapshot, if a missing object means that this head has long been passed; otherwise the failure. */
    static Snapshot newer(SnapshotChain chain, Snapshot head, StreamhouseException failure) throws IOException {
        if (failure.code() == ErrorCode.MISSING_FILE) {
            Snapshot newest = chain.latest().orElse(head);
            if (newest.id() > head.id()) {
                return newest;
            }
        }
        throw failure;
    }
}
