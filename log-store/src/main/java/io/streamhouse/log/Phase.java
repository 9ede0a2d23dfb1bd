package io.streamhouse.log;

/** The two halves of a subscription: the table at a snapshot, then the changes of each commit after it. */
public enum Phase {
    FULL,
    CHANGES
}
