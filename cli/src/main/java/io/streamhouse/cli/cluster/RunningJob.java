package io.streamhouse.cli.cluster;

import org.apache.flink.api.common.JobID;

/**
 * A job that was submitted to the embedded cluster.
 *
 * @param name what it does, for messages
 * @param id Flink's id of it
 */
public record RunningJob(String name, JobID id) {}
