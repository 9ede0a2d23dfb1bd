package io.streamhouse.spec.option;

/** Where a stream of changes ends. */
public sealed interface ScanBound {
    /** The newest snapshot when the scan starts. */
    record Latest() implements ScanBound {}

    /**
     * A snapshot, inclusive.
     *
     * @param snapshotId at least 1
     */
    record AtSnapshot(long snapshotId) implements ScanBound {
        public AtSnapshot {
            if (snapshotId < 1) {
                throw new IllegalArgumentException("snapshot id " + snapshotId);
            }
        }
    }
}
