package io.streamhouse.log;

/** Where a subscription starts. Snapshots that are gone are refused, naming the earliest that can be read. */
public sealed interface Start {
    /** The whole table at the newest snapshot, then the changes after it. */
    record Full() implements Start {}

    /**
     * The whole table at a snapshot, then the changes after it.
     *
     * @param snapshotId the snapshot
     */
    record FullAt(long snapshotId) implements Start {}

    /** Changes of commits after the newest snapshot. */
    record Latest() implements Start {}

    /** Changes of every commit that can still be derived. */
    record Earliest() implements Start {}

    /**
     * Changes of commits at or after a time.
     *
     * @param millis milliseconds since the epoch
     */
    record Timestamp(long millis) implements Start {}

    /**
     * Changes from a commit on, its own included.
     *
     * @param snapshotId the first commit; may be the one after the newest
     */
    record FromSnapshot(long snapshotId) implements Start {}

    static Start full() {
        return new Full();
    }

    static Start fullAt(long snapshotId) {
        return new FullAt(snapshotId);
    }

    static Start latest() {
        return new Latest();
    }

    static Start earliest() {
        return new Earliest();
    }

    static Start timestamp(long millis) {
        return new Timestamp(millis);
    }

    static Start fromSnapshot(long snapshotId) {
        return new FromSnapshot(snapshotId);
    }
}
