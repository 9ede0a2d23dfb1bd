package io.streamhouse.storage;

/**
 * Told when the code comes to one of its rare places, so that a test can show that it has been there. Never decides
 * anything. Thread-safe.
 */
@FunctionalInterface
public interface Marks {
    /** Nobody counts. */
    Marks NONE = mark -> {};

    void reached(Mark mark);
}
