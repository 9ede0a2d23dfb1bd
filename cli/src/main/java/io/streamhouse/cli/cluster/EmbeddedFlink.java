package io.streamhouse.cli.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One Flink cluster in this JVM with a REST door on a free port; every job of the process runs on it.
 *
 * <p>Clients use {@code execution.target = remote}: the target {@code local} would start a cluster per statement.
 * Thread-safe; the creator closes it.
 */
public final class EmbeddedFlink implements FlinkCluster {
    /** Three layers, their subscribers and a few queries at a time, each of parallelism 2. */
    private static final int SLOTS = 16;

    /** More than one: the newest is only what a restart finds if it was complete when the process was killed. */
    private static final int RETAINED_CHECKPOINTS = 3;

    static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);

    private final MiniCluster cluster;
    private final FlinkClient client;

    private EmbeddedFlink(MiniCluster cluster, FlinkClient client) {
        this.cluster = cluster;
        this.client = client;
    }

    /**
     * Starts a cluster; takes two to five seconds.
     *
     * @param run where checkpoints, savepoints and temporary files of the cluster go
     * @param parallelism default parallelism of the jobs, 1 to 4
     */
    public static EmbeddedFlink start(RunDirectory run, int parallelism) {
        return start(run, run.tmp(), parallelism);
    }

    /** The same with a directory of its own for temporary files, since several clusters may share a run. */
    static EmbeddedFlink start(RunDirectory run, Path tmp, int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "localhost");
        configuration.set(RestOptions.BIND_ADDRESS, "localhost");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(768));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
        configuration.set(CoreOptions.TMP_DIRS, tmp.toString());
        configuration.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, 2_000);
        configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, FlinkClient.uri(run.directory("checkpoints")));
        configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, FlinkClient.uri(run.directory("savepoints")));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
        try {
            cluster.start();
            URI rest = cluster.getRestAddress().get(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return new EmbeddedFlink(cluster, new FlinkClient(rest, run.path(), parallelism));
        } catch (Exception e) {
            cluster.closeAsync();
            throw new IllegalStateException("the embedded Flink cluster did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public URI restAddress() {
        return client.restAddress();
    }

    @Override
    public Configuration clientConfiguration() {
        return client.configuration();
    }

    @Override
    public TableEnvironment streaming() {
        return client.streaming();
    }

    @Override
    public TableEnvironment batch() {
        return client.batch();
    }

    @Override
    public RunningJob submit(
            TableEnvironment environment, String name, List<String> inserts, Optional<RecoveryPoint> recovery) {
        return client.submit(environment, name, inserts, recovery);
    }

    @Override
    public Optional<String> end() {
        return Optional.empty();
    }

    @Override
    public JobStatus status(JobID job) {
        return await(cluster.getJobStatus(job), "status of job " + job, CALL_TIMEOUT);
    }

    @Override
    public Optional<Throwable> failure(JobID job) {
        ErrorInfo info = await(cluster.getExecutionGraph(job), "failure of job " + job, CALL_TIMEOUT)
                .getFailureInfo();
        return Optional.ofNullable(info)
                .map(found -> found.getException().deserializeError(EmbeddedFlink.class.getClassLoader()));
    }

    @Override
    public String stopWithSavepoint(RunningJob job) {
        String target = client.savepoints(job.name());
        String savepoint = await(
                cluster.stopWithSavepoint(job.id(), target, false, SavepointFormatType.CANONICAL),
                "savepoint of " + job.name(),
                STOP_TIMEOUT);
        await(cluster.requestJobResult(job.id()), "end of " + job.name(), STOP_TIMEOUT);
        return savepoint;
    }

    @Override
    public void cancel(JobID job) {
        if (!status(job).isGloballyTerminalState()) {
            await(cluster.cancelJob(job), "cancellation of job " + job, CALL_TIMEOUT);
            await(cluster.requestJobResult(job), "end of job " + job, STOP_TIMEOUT);
        }
    }

    @Override
    public List<CompletedCheckpoint> checkpoints(JobID job) {
        CheckpointStatsSnapshot stats = await(cluster.getExecutionGraph(job), "checkpoints of job " + job, CALL_TIMEOUT)
                .getCheckpointStatsSnapshot();
        if (stats == null) {
            return List.of();
        }
        return stats.getHistory().getCheckpoints().stream()
                .filter(checkpoint -> checkpoint.getStatus().isCompleted())
                .sorted(Comparator.comparingLong(AbstractCheckpointStats::getCheckpointId))
                .map(checkpoint -> new CompletedCheckpoint(
                        checkpoint.getCheckpointId(),
                        checkpoint.getTriggerTimestamp(),
                        checkpoint.getEndToEndDuration()))
                .toList();
    }

    @Override
    public long completedCheckpoints(JobID job) {
        CheckpointStatsSnapshot stats = await(cluster.getExecutionGraph(job), "checkpoints of job " + job, CALL_TIMEOUT)
                .getCheckpointStatsSnapshot();
        return stats == null ? 0 : stats.getCounts().getNumberOfCompletedCheckpoints();
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("note: the embedded cluster did not close cleanly: " + e.getMessage());
        }
    }

    static <T> T await(CompletableFuture<T> future, String what, Duration limit) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the " + what, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "%s: %s".formatted(what, e.getCause().getMessage()), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "%s: no answer within %d s", what, limit.toSeconds()), e);
        }
    }
}
