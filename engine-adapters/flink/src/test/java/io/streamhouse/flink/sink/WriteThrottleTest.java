package io.streamhouse.flink.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.write.TableCommitter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A writer and its compaction in a world whose time moves by hand. */
class WriteThrottleTest {
    private static final long LIMIT = 1_000_000;
    private static final long ROW_NANOS = 10_000;

    private long now;
    private long longestPause;
    private final WriteThrottle throttle = new WriteThrottle(LIMIT, () -> now, time -> {
        longestPause = Math.max(longestPause, time.toNanos());
        now += time.toNanos();
    });

    private void debt(long bytes) {
        throttle.flushed(Map.of(TableCommitter.DEBT_BYTES, Long.toString(bytes)));
    }

    /** Nanoseconds that some rows take. */
    private long write(int rows) {
        long start = now;
        for (int i = 0; i < rows; i++) {
            now += ROW_NANOS;
            throttle.row();
        }
        return now - start;
    }

    private void assertTimes(double expected, long nanos, int rows) {
        assertEquals(expected, (double) nanos / (rows * ROW_NANOS), 0.05);
    }

    @Test
    void rowsTakeTheirTimeUpToTheLimitAndInProportionBeyond() {
        debt(LIMIT);
        assertTimes(1, write(10_000), 10_000);
        debt(2 * LIMIT);
        assertTimes(2, write(10_000), 10_000);
        debt(5 * LIMIT);
        assertTimes(5, write(10_000), 10_000);
        assertTrue(throttle.pausedMillis() > 0);
        debt(LIMIT / 2);
        assertTimes(1, write(10_000), 10_000);
    }

    @Test
    void aWriterNeverStops() {
        debt(Long.MAX_VALUE);
        assertTimes(1 + WriteThrottle.MAX_SHARE, write(10_000), 10_000);
        assertTrue(longestPause <= WriteThrottle.MAX_WORK_NANOS * WriteThrottle.MAX_SHARE, longestPause + " ns");
    }

    @Test
    void waitingForRowsIsNoWork() {
        debt(3 * LIMIT);
        now += 3_600_000_000_000L;
        throttle.row();
        assertTrue(throttle.pausedMillis() <= 2, throttle.pausedMillis() + " ms");
    }

    @Test
    void aDebtThatNobodyRepeatsIsForgotten() {
        debt(4 * LIMIT);
        for (int i = 0; i < WriteThrottle.MAX_SILENT_FLUSHES; i++) {
            throttle.flushed(Map.of());
            assertTimes(4, write(10_000), 10_000);
        }
        throttle.flushed(Map.of(TableCommitter.DEBT_BYTES, "much"));
        assertTimes(1, write(10_000), 10_000);
    }

    /** A source that offers more than compaction can merge: the debt settles instead of growing with time. */
    @Test
    void debtSettlesWhereTheSourceIsFasterThanTheCompaction() {
        assertTrue(debtAfter(400, true) <= 4 * LIMIT, debtAfter(400, true) + " bytes");
        // the fault that the bound above finds: nobody slows down
        assertTrue(debtAfter(400, false) > 50 * LIMIT, debtAfter(400, false) + " bytes");
    }

    private long debtAfter(int commits, boolean told) {
        double debt = 0;
        throttle.flushed(Map.of(TableCommitter.DEBT_BYTES, "0"));
        for (int commit = 0; commit < commits; commit++) {
            long nanos = write(10_000);
            // 10,000 rows are half the limit; compaction merges a third of what an unhindered writer writes
            debt += LIMIT / 2.0 - LIMIT / 6.0 * nanos / (10_000.0 * ROW_NANOS);
            debt = Math.max(0, debt);
            if (told) {
                debt((long) debt);
            }
        }
        return (long) debt;
    }
}
