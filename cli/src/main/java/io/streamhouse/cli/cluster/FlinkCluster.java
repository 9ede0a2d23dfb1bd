package io.streamhouse.cli.cluster;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;

/** A Flink cluster that this process started, in itself or as a child. Thread-safe; the creator closes it. */
public interface FlinkCluster extends AutoCloseable {
    /** Where Flink's web page and REST interface listen. */
    URI restAddress();

    /** What a client needs to submit jobs here: target, address, checkpoint and state settings. A fresh copy. */
    Configuration clientConfiguration();

    /** A new table environment for unbounded jobs; a failed job stays failed, so that its cause is seen. */
    TableEnvironment streaming();

    /** A new table environment for queries over what the tables hold now. */
    TableEnvironment batch();

    /**
     * Submits INSERT statements as one job and returns at once. Checkpoints and savepoints of a name go into one
     * directory, whatever the job's id.
     *
     * @param name what the job is called in Flink's web page, in messages and in paths
     * @param recovery the state it starts from, which the new job then owns; empty for no state
     */
    RunningJob submit(
            TableEnvironment environment, String name, List<String> inserts, Optional<RecoveryPoint> recovery);

    /** Submits INSERT statements as one job without state. */
    default RunningJob submit(TableEnvironment environment, String name, List<String> inserts) {
        return submit(environment, name, inserts, Optional.empty());
    }

    /** Why there is no cluster any more although nobody ended it; empty while it works. */
    Optional<String> end();

    /** The job's state now. */
    JobStatus status(JobID job);

    /** Why the job failed, if it did. */
    Optional<Throwable> failure(JobID job);

    /**
     * Stops the job after a last checkpoint and returns the path of the savepoint.
     *
     * @throws IllegalStateException if the savepoint is not complete within 90 seconds
     */
    String stopWithSavepoint(RunningJob job);

    /** Cancels the job and waits until it is gone; no error if it ended by itself. */
    void cancel(JobID job);

    /** Completed checkpoints of the job so far (at most the newest 2,000), oldest first. */
    List<CompletedCheckpoint> checkpoints(JobID job);

    /** Number of checkpoints that the job has completed. */
    long completedCheckpoints(JobID job);

    @Override
    void close();
}
