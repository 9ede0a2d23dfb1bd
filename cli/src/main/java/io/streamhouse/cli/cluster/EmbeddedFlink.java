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
import org.apache.flink.api.common.BatchShuffleMode;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * One Flink cluster in this JVM with a REST door on a free port; every job of the process runs on it.
 *
 * <p>Clients use {@code execution.target = remote}: the target {@code local} would start a cluster per statement.
 * Thread-safe; the creator closes it.
 */
public final class EmbeddedFlink implements AutoCloseable {
    /** Three layers, their subscribers and a few queries at a time, each of parallelism 2. */
    private static final int SLOTS = 16;

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);

    private final MiniCluster cluster;
    private final URI restAddress;
    private final Path directory;
    private final int parallelism;

    private EmbeddedFlink(MiniCluster cluster, URI restAddress, Path directory, int parallelism) {
        this.cluster = cluster;
        this.restAddress = restAddress;
        this.directory = directory;
        this.parallelism = parallelism;
    }

    /**
     * Starts a cluster; takes two to five seconds.
     *
     * @param run where checkpoints, savepoints and temporary files of the cluster go
     * @param parallelism default parallelism of the jobs, 1 to 4
     */
    public static EmbeddedFlink start(RunDirectory run, int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "localhost");
        configuration.set(RestOptions.BIND_ADDRESS, "localhost");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(768));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
        configuration.set(CoreOptions.TMP_DIRS, run.tmp().toString());
        configuration.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, 2_000);
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(run.directory("checkpoints")));
        configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri(run.directory("savepoints")));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
        try {
            cluster.start();
            URI rest = cluster.getRestAddress().get(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return new EmbeddedFlink(cluster, rest, run.path(), parallelism);
        } catch (Exception e) {
            cluster.closeAsync();
            throw new IllegalStateException("the embedded Flink cluster did not start: " + e.getMessage(), e);
        }
    }

    /** Where Flink's web page and REST interface listen. */
    public URI restAddress() {
        return restAddress;
    }

    /** What a client needs to submit jobs here: target, address, checkpoint and state settings. A fresh copy. */
    public Configuration clientConfiguration() {
        Configuration configuration = new Configuration();
        configuration.set(DeploymentOptions.TARGET, "remote");
        configuration.set(RestOptions.ADDRESS, restAddress.getHost());
        configuration.set(RestOptions.PORT, restAddress.getPort());
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, Duration.ofMillis(200));
        configuration.set(CheckpointingOptions.MAX_CONCURRENT_CHECKPOINTS, 1);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory.resolve("checkpoints")));
        configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri(directory.resolve("savepoints")));
        return configuration;
    }

    /** A new table environment for unbounded jobs; a failed job stays failed, so that its cause is seen. */
    public TableEnvironment streaming() {
        Configuration configuration = clientConfiguration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return environment(configuration, RuntimeExecutionMode.STREAMING);
    }

    /** A new table environment for queries over what the tables hold now. */
    public TableEnvironment batch() {
        Configuration configuration = clientConfiguration();
        configuration.removeConfig(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        // small queries: starting their stages one after the other takes longer than running them together
        configuration.set(ExecutionOptions.BATCH_SHUFFLE_MODE, BatchShuffleMode.ALL_EXCHANGES_PIPELINED);
        configuration.set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Default);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return environment(configuration, RuntimeExecutionMode.BATCH);
    }

    private static TableEnvironment environment(Configuration configuration, RuntimeExecutionMode mode) {
        configuration.set(ExecutionOptions.RUNTIME_MODE, mode);
        return TableEnvironment.create(EnvironmentSettings.newInstance()
                .withConfiguration(configuration)
                .build());
    }

    /**
     * Submits INSERT statements as one job and returns at once.
     *
     * @param name what the job is called in Flink's web page and in messages
     */
    public RunningJob submit(TableEnvironment environment, String name, List<String> inserts) {
        environment.getConfig().set(PipelineOptions.NAME, name);
        try {
            StatementSet statements = environment.createStatementSet();
            inserts.forEach(statements::addInsertSql);
            TableResult result = statements.execute();
            JobID id = result.getJobClient()
                    .orElseThrow(() -> new IllegalStateException("job " + name + " was not submitted"))
                    .getJobID();
            return new RunningJob(name, id);
        } finally {
            environment.getConfig().getConfiguration().removeConfig(PipelineOptions.NAME);
        }
    }

    /** The job's state now. */
    public JobStatus status(JobID job) {
        return await(cluster.getJobStatus(job), "status of job " + job, CALL_TIMEOUT);
    }

    /** Why the job failed, if it did. */
    public Optional<Throwable> failure(JobID job) {
        ErrorInfo info = await(cluster.getExecutionGraph(job), "failure of job " + job, CALL_TIMEOUT)
                .getFailureInfo();
        return Optional.ofNullable(info)
                .map(found -> found.getException().deserializeError(EmbeddedFlink.class.getClassLoader()));
    }

    /**
     * Stops the job after a last checkpoint and returns the path of the savepoint.
     *
     * @throws IllegalStateException if the savepoint is not complete within 90 seconds
     */
    public String stopWithSavepoint(RunningJob job) {
        String target = uri(directory.resolve("savepoints"));
        String savepoint = await(
                cluster.stopWithSavepoint(job.id(), target, false, SavepointFormatType.CANONICAL),
                "savepoint of " + job.name(),
                STOP_TIMEOUT);
        await(cluster.requestJobResult(job.id()), "end of " + job.name(), STOP_TIMEOUT);
        return savepoint;
    }

    /** Cancels the job and waits until it is gone; no error if it ended by itself. */
    public void cancel(JobID job) {
        if (!status(job).isGloballyTerminalState()) {
            await(cluster.cancelJob(job), "cancellation of job " + job, CALL_TIMEOUT);
            await(cluster.requestJobResult(job), "end of job " + job, STOP_TIMEOUT);
        }
    }

    /** Completed checkpoints of the job so far (at most the newest 2,000), oldest first. */
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

    /** Number of checkpoints that the job has completed. */
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

    private static <T> T await(CompletableFuture<T> future, String what, Duration limit) {
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

    private static String uri(Path path) {
        return path.toUri().toString();
    }
}
