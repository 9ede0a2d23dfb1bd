package io.streamhouse.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands until it is moved, forwards or backwards. Thread-safe. */
public final class ManualClock implements InstantSource {
    private final AtomicReference<Instant> now;

    public ManualClock(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    /** A clock that stands at a time in milliseconds since the epoch. */
    public static ManualClock atMillis(long millis) {
        return new ManualClock(Instant.ofEpochMilli(millis));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves the clock; a negative step moves it back. Returns the new time. */
    public Instant advance(Duration step) {
        return now.updateAndGet(before -> before.plus(step));
    }

    public void set(Instant time) {
        now.set(time);
    }
}
