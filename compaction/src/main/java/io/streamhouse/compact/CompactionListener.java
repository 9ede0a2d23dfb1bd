package io.streamhouse.compact;

/**
 * Told what a background compaction does, on its thread, with no lock held; must not throw or call back. The next task
 * waits for it.
 */
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
