package io.streamhouse.flink.source;

import io.streamhouse.spec.option.ScanBound;
import io.streamhouse.spec.option.ScanMode;
import io.streamhouse.spec.option.ScanOptions;
import java.io.Serializable;
import java.util.Optional;

/**
 * Where a scan starts and ends, and in which shape; the statement's options as plain values.
 *
 * @param mode where to start
 * @param snapshotId of the modes from a snapshot, otherwise 0
 * @param timestampMillis of the mode from a timestamp, otherwise 0
 * @param bound where a stream ends
 * @param boundSnapshot the last snapshot of {@link Bound#SNAPSHOT}, otherwise 0
 * @param discoveryMillis how often a stream looks for commits
 * @param upserts true for after-images and deletes only
 */
public record ScanRange(
        ScanMode mode,
        long snapshotId,
        long timestampMillis,
        Bound bound,
        long boundSnapshot,
        long discoveryMillis,
        boolean upserts)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Where a stream ends. */
    public enum Bound {
        NONE,
        LATEST,
        SNAPSHOT
    }

    /** One snapshot, whatever the statement's options say; 0 for a table that had none. */
    public static ScanRange pinnedTo(long snapshotId) {
        return new ScanRange(ScanMode.FROM_SNAPSHOT_FULL, snapshotId, 0, Bound.NONE, 0, 0, false);
    }

    /** Whether nothing is to be read: the table had no snapshot when the statement was planned. */
    boolean isBeforeAll() {
        return mode == ScanMode.FROM_SNAPSHOT_FULL && snapshotId == 0;
    }

    /** @param upserts whether the shape of the changelog is the shorter one */
    public static ScanRange of(ScanOptions options, boolean upserts) {
        Optional<ScanBound> bound = options.bound();
        Bound kind =
                bound.isEmpty() ? Bound.NONE : bound.get() instanceof ScanBound.Latest ? Bound.LATEST : Bound.SNAPSHOT;
        return new ScanRange(
                options.mode(),
                options.snapshotId().orElse(0),
                options.timestampMillis().orElse(0),
                kind,
                bound.isPresent() && bound.get() instanceof ScanBound.AtSnapshot at ? at.snapshotId() : 0,
                options.discoveryInterval().toMillis(),
                upserts);
    }
}
