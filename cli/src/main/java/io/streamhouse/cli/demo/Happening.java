package io.streamhouse.cli.demo;

import java.util.function.Supplier;

/**
 * Something that happens once while the jobs run.
 *
 * @param due share of the input that must have been read before, 0 to 1
 * @param allowed share of the input that may be shown until it has begun, above {@code due}: so that some is unread then
 * @param state what else must hold
 * @param body does it; may take seconds, in which the live run asks nothing
 */
record Happening(double due, double allowed, Supplier<State> state, Runnable body) {
    Happening {
        if (!(due >= 0 && due < allowed && allowed < 1)) {
            throw new IllegalArgumentException("due at %s, allowed %s".formatted(due, allowed));
        }
    }

    /** Whether it may happen. */
    enum State {
        READY,
        /** It waits for something that comes by itself. */
        WAITING,
        /** It waits for something that comes only with more input. */
        HUNGRY
    }
}
