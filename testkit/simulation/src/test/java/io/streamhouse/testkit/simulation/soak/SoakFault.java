package io.streamhouse.testkit.simulation.soak;

/** What a run does wrong on purpose, to show that the judgement notices. */
enum SoakFault {
    NONE,
    /** Nobody compacts. */
    NO_COMPACTION,
    /** The subscriber forgets a change now and then. */
    DROPPED_CHANGE,
    /** A job forgets a row now and then. */
    LOST_ROW,
    /** A job acknowledges a commit that it never made, and leaves it out. */
    LOST_COMMIT,
    /** A process that is never killed keeps everything it has seen. */
    HOARDED_MEMORY
}
