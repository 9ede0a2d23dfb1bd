package io.streamhouse.flink.sink;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.compact.CompactionDebt;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import java.util.List;
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
    private CompactionDebt planned = CompactionDebt.NONE;
    private CompactionDebt since = CompactionDebt.NONE;

    /** Shows the counts under their names. */
    void register(MetricGroup metrics) {
        metrics.gauge("compactionsPublished", published::sum);
        metrics.gauge("compactionsFailed", failed::sum);
        metrics.gauge("compactionsLost", lost::sum);
        metrics.gauge("compactionsGivenUp", gaveUp::sum);
        metrics.gauge("compactionDebtBytes", () -> debt().sizeBytes());
        metrics.gauge("compactionDebtFiles", () -> debt().files());
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

    /** What the compaction has planned with. */
    synchronized void debt(CompactionDebt now) {
        planned = now;
        since = CompactionDebt.NONE;
    }

    /** The job has added files; a rewrite under way for long knows nothing of them. */
    synchronized void committed(CommitDelta delta) {
        List<DataFile> files =
                delta.parts().stream().flatMap(p -> p.files().stream()).toList();
        long bytes = files.stream().mapToLong(f -> f.object().sizeBytes()).sum();
        since = new CompactionDebt(since.sizeBytes() + bytes, since.files() + files.size());
    }

    /** What is to be compacted: as planned, and what was added since. */
    synchronized CompactionDebt debt() {
        return new CompactionDebt(planned.sizeBytes() + since.sizeBytes(), planned.files() + since.files());
    }

    void expired(ExpiryReport report) {
        expired.add(report.expired());
    }

    void expiryFailed() {
        expiryFailed.increment();
    }
}
