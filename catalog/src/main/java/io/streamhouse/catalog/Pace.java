package io.streamhouse.catalog;

import java.time.Duration;
import java.time.InstantSource;

/**
 * At most once in an interval, and at once the first time. A clock that has jumped back does not stop it. Thread-safe.
 */
final class Pace {
    private final InstantSource clock;
    private final long intervalMillis;
    private boolean hasBegun;
    private long lastMillis;

    Pace(InstantSource clock, Duration interval) {
        this.clock = clock;
        this.intervalMillis = interval.toMillis();
    }

    /** Whether it is time again; of several callers one is told so, and the interval begins anew with it. */
    synchronized boolean take() {
        if (!isDue()) {
            return false;
        }
        begin();
        return true;
    }

    /** Whether it is time again, for who may not do it after all. */
    synchronized boolean isDue() {
        long age = clock.millis() - lastMillis;
        return !hasBegun || age < 0 || age >= intervalMillis;
    }

    /** Begins the interval anew. */
    synchronized void begin() {
        hasBegun = true;
        lastMillis = clock.millis();
    }
}
