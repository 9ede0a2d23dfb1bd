package io.streamhouse.flink.sink;

import io.streamhouse.read.Pause;
import io.streamhouse.write.TableCommitter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Slows a writer down while compaction is behind, instead of stopping it: at twice the limit a row takes twice its time, at
 * three times the limit three times, and so on to {@value #MAX_SHARE}. The debt stands in the snapshots of the job that
 * compacts, so it reaches every writer that flushes, in any process. One thread, but for the gauge.
 */
final class WriteThrottle {
    /** Pauses are this many times the work at most, so that a writer always moves. */
    static final int MAX_SHARE = 15;
    /** A row that comes later than this was waited for; the wait is no work. */
    static final long MAX_WORK_NANOS = 1_000_000;
    /** Below this a pause is not worth it. */
    static final long MIN_PAUSE_NANOS = 2_000_000;
    /** Flushes that a debt counts without being said again; another job's commits do not say it. */
    static final int MAX_SILENT_FLUSHES = 8;

    private final long limitBytes;
    private final LongSupplier nanos;
    private final Pause pause;
    private double share;
    private int silentFlushes;
    private long mark;
    private long owedNanos;
    private volatile long pausedNanos;

    /**
     * @param limitBytes debt from which on the writer slows down
     * @param nanos time in nanoseconds from any origin
     * @param pause how to wait
     */
    WriteThrottle(long limitBytes, LongSupplier nanos, Pause pause) {
        this.limitBytes = limitBytes;
        this.nanos = nanos;
        this.pause = pause;
    }

    /**
     * The writer has flushed.
     *
     * @param properties of the snapshot that it flushed against
     */
    void flushed(Map<String, String> properties) {
        Optional<Long> debt =
                Optional.ofNullable(properties.get(TableCommitter.DEBT_BYTES)).flatMap(WriteThrottle::number);
        if (debt.isPresent()) {
            share = Math.min(MAX_SHARE, Math.max(0, (double) debt.get() / limitBytes - 1));
            silentFlushes = 0;
        } else if (++silentFlushes > MAX_SILENT_FLUSHES) {
            share = 0;
        }
        if (share == 0) {
            owedNanos = 0;
        }
        mark = nanos.getAsLong();
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty(); // properties are free text
        }
    }

    /** The writer has taken a row. */
    void row() {
        if (share == 0) {
            return;
        }
        long now = nanos.getAsLong();
        owedNanos += (long) (Math.min(MAX_WORK_NANOS, Math.max(0, now - mark)) * share);
        mark = now;
        if (owedNanos >= MIN_PAUSE_NANOS) {
            pause.pause(Duration.ofNanos(owedNanos));
            owedNanos = 0;
            mark = nanos.getAsLong();
            pausedNanos += mark - now;
        }
    }

    /** How long the writer has been held up in all. */
    long pausedMillis() {
        return pausedNanos / 1_000_000;
    }
}
