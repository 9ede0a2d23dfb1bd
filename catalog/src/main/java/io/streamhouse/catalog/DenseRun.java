package io.streamhouse.catalog;

import java.io.IOException;

/** Objects numbered without gaps. Without state. */
final class DenseRun {
    private DenseRun() {}

    /** Whether there is an object of a number. */
    @FunctionalInterface
    interface Presence {
        boolean exists(long number) throws IOException;
    }

    /** The last number of the run that holds {@code from}: probes +1, +2, +4 …, then halves the gap. */
    static long last(long from, Presence objects) throws IOException {
        long there = from;
        long step = 1;
        while (objects.exists(there + step)) {
            there += step;
            step *= 2;
        }
        long missing = there + step;
        while (missing - there > 1) {
            long middle = there + (missing - there) / 2;
            if (objects.exists(middle)) {
                there = middle;
            } else {
                missing = middle;
            }
        }
        return there;
    }
}
