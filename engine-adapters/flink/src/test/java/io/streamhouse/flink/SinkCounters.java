package io.streamhouse.flink;

import java.util.Deque;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** The counters and gauges of this process's tasks, of ended attempts too; Flink finds it by its name. */
public final class SinkCounters implements MetricReporter, MetricReporterFactory {
    private record Known(String job, String name, Metric metric) {}

    private static final Set<String> NAMES = Set.of(
            "commits",
            "alreadyCommitted",
            "commitLatencyMillis",
            "compactionsPublished",
            "compactionsFailed",
            "compactionsLost",
            "compactionDebtBytes",
            "compactionDebtFiles",
            "expiredSnapshots",
            "expiriesFailed",
            "throttledMillis",
            "metadataMerges",
            "metadataMergesInCommits",
            "snapshotLag",
            "commitLagMillis");

    /** More than any test has; a gauge holds on to its whole task, so that hundreds of runs of a race would fill the heap. */
    private static final int MOST_KNOWN = 1_000;

    private static final Deque<Known> KNOWN = new ConcurrentLinkedDeque<>();

    /** Sum over all attempts of a job. */
    static long of(JobID job, String name) {
        return metrics(job, name).mapToLong(m -> ((Counter) m).getCount()).sum();
    }

    /** Sum of a gauge over all attempts and tasks of a job. */
    static long gauge(JobID job, String name) {
        return metrics(job, name)
                .mapToLong(m -> ((Number) ((Gauge<?>) m).getValue()).longValue())
                .sum();
    }

    private static Stream<Metric> metrics(JobID job, String name) {
        return KNOWN.stream()
                .filter(k -> k.name().equals(name) && k.job().equals(job.toHexString()))
                .map(Known::metric);
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return this;
    }

    @Override
    public void open(MetricConfig config) {
        // no settings
    }

    @Override
    public void close() {
        // what was counted stays readable
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (NAMES.contains(name)) {
            KNOWN.add(new Known(group.getAllVariables().getOrDefault("<job_id>", ""), name, metric));
            if (KNOWN.size() > MOST_KNOWN) {
                KNOWN.pollFirst();
            }
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        // counts of ended attempts stay
    }
}
