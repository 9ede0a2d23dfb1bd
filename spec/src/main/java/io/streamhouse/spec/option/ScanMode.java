package io.streamhouse.spec.option;

/** Where a scan starts; {@code DEFAULT} is resolved when options are parsed. */
public enum ScanMode {
    /** {@code LATEST_FULL}, or what {@code scan.snapshot-id} or {@code scan.timestamp*} imply. */
    DEFAULT,
    /** The table at the newest snapshot; in a stream its changes from there on. */
    LATEST_FULL,
    /** Stream: changes after the newest snapshot. */
    LATEST,
    /** Stream: changes committed at or after the time. Batch: the table as of the time. */
    FROM_TIMESTAMP,
    /** Stream: changes from the snapshot on, its own included. Batch: the table at the snapshot. */
    FROM_SNAPSHOT,
    /** The table at the snapshot; in a stream its changes after it. */
    FROM_SNAPSHOT_FULL,
    /** Stream: changes from the earliest derivable commit on. */
    EARLIEST
}
