package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.FlinkCluster;
import io.streamhouse.cli.cluster.RecoveryPoint;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.cluster.RunningJob;
import io.streamhouse.cli.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The three jobs that fill the layers. They may move to another cluster when theirs was killed, and DWD changes its logic
 * once. Not thread-safe.
 */
final class Jobs {
    private final Layers layers;
    private final RunDirectory run;
    private final Function<FlinkCluster, TableEnvironment> sessions;
    private final Map<Layer, RunningJob> jobs = new EnumMap<>(Layer.class);
    private final Set<Layer> stopped = EnumSet.noneOf(Layer.class);
    private final Map<Layer, Map<Long, Long>> checkpointTimes = new EnumMap<>(Layer.class);
    private FlinkCluster cluster;
    private TableEnvironment session;
    private DwdLogic dwdLogic = DwdLogic.WITHOUT_DISCOUNT;

    /** Checkpoints of DWD with this id and higher ones are the right logic's. */
    private long rightFrom = Long.MAX_VALUE;

    /**
     * @param run where the jobs leave their checkpoints
     * @param sessions opens a streaming session in which the tables and sources of the layers are known
     */
    Jobs(FlinkCluster cluster, Layers layers, RunDirectory run, Function<FlinkCluster, TableEnvironment> sessions) {
        this.cluster = cluster;
        this.layers = layers;
        this.run = run;
        this.sessions = sessions;
        this.session = sessions.apply(cluster);
    }

    /** Starts one job a layer without state; DWD with the first, wrong logic. */
    void start() {
        for (Layer layer : Layer.values()) {
            submit(layer, Optional.empty());
        }
    }

    /** Keeps what the cluster knows of the checkpoints so far; a cluster that is killed knows nothing any more. */
    void rememberCheckpoints() {
        for (Layer layer : Layer.values()) {
            checkpointTimes(layer);
        }
    }

    private void submit(Layer layer, Optional<RecoveryPoint> recovery) {
        RunningJob job = cluster.submit(session, layer.name(), layers.inserts(layer, dwdLogic), recovery);
        jobs.put(layer, job);
        stopped.remove(layer);
    }

    /** Flink's id of a layer's job now. */
    JobID id(Layer layer) {
        return jobs.get(layer).id();
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
        Optional<String> end = cluster.end();
        if (end.isPresent()) {
            return Optional.of(new Ended(Layer.ODS, JobStatus.FAILED, end.get()));
        }
        for (Map.Entry<Layer, RunningJob> entry : jobs.entrySet()) {
            JobStatus status = status(entry.getKey());
            boolean asTold = status == JobStatus.FINISHED && stopped.contains(entry.getKey());
            if (!asTold && (status.isTerminalState() || status == JobStatus.FAILING)) {
                String reason = cluster.failure(entry.getValue().id())
                        .map(Failure::of)
                        .map(failure -> failure.code() + ":" + failure.message())
                        .orElse("no cause");
                return Optional.of(new Ended(entry.getKey(), status, reason));
            }
        }
        return Optional.empty();
    }

    /** State of a layer's job now. */
    JobStatus status(Layer layer) {
        return cluster.status(jobs.get(layer).id());
    }

    /** Stops all jobs with savepoints, the first layer first. */
    void stop() {
        for (Layer layer : Layer.values()) {
            stop(layer);
        }
    }

    private String stop(Layer layer) {
        checkpointTimes(layer);
        String savepoint = cluster.stopWithSavepoint(jobs.get(layer));
        stopped.add(layer);
        return savepoint;
    }

    /** Stops DWD after its last commit and returns the savepoint. */
    RecoveryPoint stopDwd() {
        String savepoint = stop(Layer.DWD);
        try {
            return RecoveryPoint.ofSavepoint(Path.of(URI.create(savepoint)));
        } catch (IOException e) {
            throw new UncheckedIOException("savepoint of DWD: " + e.getMessage(), e);
        }
    }

    /** Starts DWD with the right logic from the state of the wrong one. */
    void startRightDwd(RecoveryPoint savepoint) {
        setDwdLogic(savepoint);
        submit(Layer.DWD, Optional.of(savepoint));
    }

    /** Only the swap takes savepoints of a demo that goes on; what follows one is right. */
    private void setDwdLogic(RecoveryPoint point) {
        if (point.savepoint()) {
            rightFrom = Math.min(rightFrom, point.checkpointId());
        }
        dwdLogic = point.checkpointId() >= rightFrom ? DwdLogic.RIGHT : DwdLogic.WITHOUT_DISCOUNT;
    }

    /** True if DWD runs with the right logic. */
    boolean isDwdRight() {
        return dwdLogic == DwdLogic.RIGHT;
    }

    /**
     * Starts all jobs on another cluster, each from the newest state that it left behind.
     *
     * @return what each was given
     * @throws IllegalStateException if a job left no state: it would begin anew and prove nothing
     */
    Map<Layer, RecoveryPoint> moveTo(FlinkCluster other) {
        cluster = other;
        session = sessions.apply(other);
        Map<Layer, RecoveryPoint> points = new EnumMap<>(Layer.class);
        for (Layer layer : Layer.values()) {
            RecoveryPoint point = RecoveryPoint.newest(run, layer.name())
                    .orElseThrow(() -> new IllegalStateException("no checkpoint of " + layer + " in " + run.path()));
            points.put(layer, point);
            if (layer == Layer.DWD) {
                setDwdLogic(point);
            }
            submit(layer, Optional.of(point));
        }
        return points;
    }

    /** Checkpoints that a layer's job has completed since it was started or restored. */
    long completedCheckpoints(Layer layer) {
        return cluster.completedCheckpoints(jobs.get(layer).id());
    }

    /** When the checkpoints of a layer's jobs were triggered, milliseconds since the epoch by checkpoint id. */
    Map<Long, Long> checkpointTimes(Layer layer) {
        Map<Long, Long> times = checkpointTimes.computeIfAbsent(layer, key -> new HashMap<>());
        if (cluster.end().isEmpty()) {
            cluster.checkpoints(jobs.get(layer).id())
                    .forEach(checkpoint -> times.put(checkpoint.id(), checkpoint.triggeredMillis()));
        }
        return times;
    }
}
