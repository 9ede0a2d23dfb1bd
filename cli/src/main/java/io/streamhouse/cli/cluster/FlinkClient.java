package io.streamhouse.cli.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.BatchShuffleMode;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * How jobs are submitted to a cluster at a REST address, and where their state goes.
 *
 * @param restAddress where the cluster listens
 * @param directory checkpoints and savepoints go below it
 * @param parallelism default parallelism of the jobs
 */
record FlinkClient(URI restAddress, Path directory, int parallelism) {
    private static final List<ConfigOption<?>> OF_ONE_JOB = List.of(
            PipelineOptions.NAME,
            CheckpointingOptions.CHECKPOINTS_DIRECTORY,
            StateRecoveryOptions.SAVEPOINT_PATH,
            StateRecoveryOptions.RESTORE_MODE);

    Configuration configuration() {
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

    TableEnvironment streaming() {
        Configuration configuration = configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return environment(configuration, RuntimeExecutionMode.STREAMING);
    }

    TableEnvironment batch() {
        Configuration configuration = configuration();
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

    RunningJob submit(
            TableEnvironment environment, String name, List<String> inserts, Optional<RecoveryPoint> recovery) {
        environment.getConfig().set(PipelineOptions.NAME, name);
        environment.getConfig().set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(checkpoints(directory, name)));
        recovery.ifPresent(point -> {
            environment.getConfig().set(StateRecoveryOptions.SAVEPOINT_PATH, uri(point.path()));
            environment.getConfig().set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
        try {
            StatementSet statements = environment.createStatementSet();
            inserts.forEach(statements::addInsertSql);
            TableResult result = statements.execute();
            JobID id = result.getJobClient()
                    .orElseThrow(() -> new IllegalStateException("job " + name + " was not submitted"))
                    .getJobID();
            return new RunningJob(name, id);
        } finally {
            OF_ONE_JOB.forEach(
                    option -> environment.getConfig().getConfiguration().removeConfig(option));
        }
    }

    /** URI of the directory of a job's savepoints. */
    String savepoints(String name) {
        return uri(savepoints(directory, name));
    }

    static Path checkpoints(Path directory, String name) {
        return directory.resolve("checkpoints").resolve(name);
    }

    static Path savepoints(Path directory, String name) {
        return directory.resolve("savepoints").resolve(name);
    }

    static String uri(Path path) {
        return path.toUri().toString();
    }
}
