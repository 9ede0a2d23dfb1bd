package io.streamhouse.cli.cluster;

/**
 * One completed checkpoint of a job.
 *
 * @param id checkpoint id, ascending within a job and over its restores
 * @param triggeredMillis wall clock at the trigger, milliseconds since the epoch
 * @param durationMillis from trigger to the last acknowledgement
 */
public record CompletedCheckpoint(long id, long triggeredMillis, long durationMillis) {}
