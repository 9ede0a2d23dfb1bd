package io.streamhouse.flink.source;

import java.util.Objects;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * What one reader reads in order.
 *
 * @param sequence number of the split in its job, ascending in commit order; also its id
 * @param kind what {@code payload} is
 * @param rootBucket root bucket, which chooses the reader of a stream; 0 for scans
 * @param payload the split in the bytes of the readers' codec; not written to
 * @param rowsConsumed source rows already read
 */
record TableSplit(long sequence, Kind kind, int rootBucket, byte[] payload, long rowsConsumed) implements SourceSplit {
    /** What a split reads. */
    enum Kind {
        /** Files of a batch scan. */
        SCAN,
        /** A root bucket of one snapshot, before the changes. */
        FULL,
        /** A root bucket's changes of one commit. */
        CHANGES
    }

    TableSplit {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(payload, "payload");
    }

    @Override
    public String splitId() {
        return Long.toString(sequence);
    }

    /** The same split with the rows before this position read. */
    TableSplit at(long consumed) {
        return consumed == rowsConsumed ? this : new TableSplit(sequence, kind, rootBucket, payload, consumed);
    }

    @Override
    public String toString() {
        return "%s split %d of root bucket %d at row %d".formatted(kind, sequence, rootBucket, rowsConsumed);
    }
}
