package io.streamhouse.cli.ops;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Says how much of a long run is done and how fast it goes, as often as a reader can use it. Thread-safe. */
final class Pace implements LongConsumer {
    private final Progress progress;
    private final LongSupplier nanos;
    private final String what;
    private final long total;
    private final long startedNanos;
    private final AtomicLong nextNanos;
    private final AtomicLong done = new AtomicLong();

    /**
     * @param nanos time that only goes on
     * @param what is done, with what stands before the number: {@code "%s schedules"}
     */
    Pace(Progress progress, LongSupplier nanos, String what, long total) {
        this.progress = progress;
        this.nanos = nanos;
        this.what = what;
        this.total = total;
        this.startedNanos = nanos.getAsLong();
        this.nextNanos = new AtomicLong(startedNanos + progress.interval().toNanos());
    }

    /** So many are done. */
    @Override
    public void accept(long count) {
        done.accumulateAndGet(count, Math::max);
        long now = nanos.getAsLong();
        long next = nextNanos.get();
        if (now - next >= 0
                && nextNanos.compareAndSet(next, now + progress.interval().toNanos())) {
            progress.say(
                    what.formatted("%,d of %,d".formatted(count, total)) + ", %,.0f a second".formatted(rate(now)));
        }
    }

    /** Says for good how long it took. */
    void end() {
        long now = nanos.getAsLong();
        double seconds = Duration.ofNanos(now - startedNanos).toMillis() / 1e3;
        progress.keep(what.formatted("%,d".formatted(done.get()))
                + " in %,.1f s, %,.0f a second".formatted(seconds, rate(now)));
    }

    private double rate(long now) {
        return done.get() * 1e9 / Math.max(1, now - startedNanos);
    }
}
