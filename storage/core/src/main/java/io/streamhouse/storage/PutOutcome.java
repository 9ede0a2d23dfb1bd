package io.streamhouse.storage;

/** The three answers of a conditional put; {@code UNKNOWN} is resolved by reading back, never by guessing. */
public enum PutOutcome {
    /** The object is ours, whole and durable. */
    CREATED,
    /** Somebody's object stood there before; ours left no trace. */
    EXISTED,
    /** The store did not say: the object may be ours, another's, or absent, now or a little later. */
    UNKNOWN
}
