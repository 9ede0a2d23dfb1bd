package io.streamhouse.log;

/** Where a subscription ends; bounds are inclusive. */
public sealed interface Bound {
    /** Never. */
    record None() implements Bound {}

    /** At the snapshot that is newest when the subscription opens. */
    record Latest() implements Bound {}

    /**
     * At a snapshot, which need not exist yet.
     *
     * @param snapshotId the last snapshot read
     */
    record AtSnapshot(long snapshotId) implements Bound {}

    static Bound none() {
        return new None();
    }

    static Bound latest() {
        return new Latest();
    }

    static Bound snapshot(long snapshotId) {
        return new AtSnapshot(snapshotId);
    }
}
