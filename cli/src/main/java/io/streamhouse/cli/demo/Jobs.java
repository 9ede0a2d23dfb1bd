package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.CompletedCheckpoint;
import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunningJob;
import io.streamhouse.cli.failure.Failure;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.table.api.TableEnvironment;

/** The three jobs that fill the layers. */
final class Jobs {
    private final EmbeddedFlink flink;
    private final Map<Layer, RunningJob> jobs = new EnumMap<>(Layer.class);
    private final Set<Layer> stopped = EnumSet.noneOf(Layer.class);

    Jobs(EmbeddedFlink flink) {
        this.flink = flink;
    }

    /** Starts one job a layer. */
    void start(TableEnvironment session, Layers layers) {
        for (Layer layer : Layer.values()) {
            jobs.put(layer, flink.submit(session, layer.name(), layers.inserts().get(layer.name())));
        }
    }

    /** A job that does not run any more, with the reason as the user reads it. */
    record Ended(Layer layer, JobStatus status, String reason) {
        @Override
        public String toString() {
            return status + "(" + reason + ")";
        }
    }

    /** The first job that ended although nobody stopped it. */
    Optional<Ended> ended() {
        for (Map.Entry<Layer, RunningJob> entry : jobs.entrySet()) {
            JobStatus status = flink.status(entry.getValue().id());
            boolean asTold = status == JobStatus.FINISHED && stopped.contains(entry.getKey());
            if (!asTold && (status.isTerminalState() || status == JobStatus.FAILING)) {
                String reason = flink.failure(entry.getValue().id())
                        .map(Failure::of)
                        .map(failure -> failure.code() + ":" + failure.message())
                        .orElse("no cause");
                return Optional.of(new Ended(entry.getKey(), status, reason));
            }
        }
        return Optional.empty();
    }

    /** Stops all jobs with savepoints, the first layer first. */
    void stop() {
        jobs.forEach((layer, job) -> {
            flink.stopWithSavepoint(job);
            stopped.add(layer);
        });
    }

    /** Checkpoints that a layer's job has completed so far. */
    long completedCheckpoints(Layer layer) {
        return flink.completedCheckpoints(jobs.get(layer).id());
    }

    /** When the checkpoints of a layer's job were triggered, milliseconds since the epoch by checkpoint id. */
    Map<Long, Long> checkpointTimes(Layer layer) {
        Map<Long, Long> times = new HashMap<>();
        List<CompletedCheckpoint> checkpoints =
                flink.checkpoints(jobs.get(layer).id());
        checkpoints.forEach(checkpoint -> times.put(checkpoint.id(), checkpoint.triggeredMillis()));
        return times;
    }
}
