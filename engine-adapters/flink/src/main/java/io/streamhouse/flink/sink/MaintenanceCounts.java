package io.streamhouse.flink.sink;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.compact.CompactionDebt;
import io.streamhouse.compact.CompactionOutcome;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.MetricGroup;

/** What the maintenance of a table has done, as metrics; counted by its thread, read by any. */
final class MaintenanceCounts {
    private final LongAdder published = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder expiryFailed = new LongAdder();
    private volatile CompactionDebt debt = CompactionDebt.NONE;

    /** Shows the counts under their names. */
    void register(MetricGroup metrics) {
        metrics.gauge("compactionsPublished", published::sum);
        metrics.gauge("compactionsFailed", failed::sum);
        metrics.gauge("compactionsLost", lost::sum);
        metrics.gauge("compactionsGivenUp", gaveUp::sum);
        metrics.gauge("compactionDebtBytes", () -> debt.sizeBytes());
        metrics.gauge("compactionDebtFiles", () -> debt.files());
        metrics.gauge("expiredSnapshots", expired::sum);
        metrics.gauge("expiriesFailed", expiryFailed::sum);
    }

    void ended(CompactionOutcome outcome) {
        if (outcome instanceof CompactionOutcome.Published) {
            published.increment();
        } else if (outcome instanceof CompactionOutcome.Lost) {
            lost.increment();
        } else {
            gaveUp.increment();
        }
    }

    void failed() {
        failed.increment();
    }

    void debt(CompactionDebt now) {
        debt = now;
    }

    void expired(ExpiryReport report) {
        expired.add(report.expired());
    }

    void expiryFailed() {
        expiryFailed.increment();
    }
}
