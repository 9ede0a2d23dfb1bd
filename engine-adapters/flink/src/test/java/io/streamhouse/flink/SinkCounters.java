package io.streamhouse.flink;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** The counters of this process's committers, of ended attempts too; Flink finds it by its name. */
public final class SinkCounters implements MetricReporter, MetricReporterFactory {
    private record Known(String job, String name, Counter counter) {}

    private static final List<Known> KNOWN = new CopyOnWriteArrayList<>();

    /** Sum over all attempts of a job. */
    static long of(JobID job, String name) {
        return KNOWN.stream()
                .filter(k -> k.name().equals(name) && k.job().equals(job.toHexString()))
                .mapToLong(k -> k.counter().getCount())
                .sum();
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
        if (metric instanceof Counter counter && (name.equals("commits") || name.equals("alreadyCommitted"))) {
            KNOWN.add(new Known(group.getAllVariables().getOrDefault("<job_id>", ""), name, counter));
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        // counts of ended attempts stay
    }
}
