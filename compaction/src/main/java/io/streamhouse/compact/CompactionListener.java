package io.streamhouse.compact;

/** Told what a background compaction does, on its thread; must not throw, block or call back. */
public interface CompactionListener {
    /** Hears nothing. */
    CompactionListener NONE = new CompactionListener() {};

    /** A task ended. */
    default void ended(CompactionOutcome outcome) {}

    /** A task failed; the job goes on, and the next try comes after some commits. */
    default void failed(Exception failure, int commitsUntilNextTry) {}

    /** What is to be done now. */
    default void debt(CompactionDebt debt) {}
}
