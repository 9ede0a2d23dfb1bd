/**
 * Rows into a table under checkpoints: writers, one aggregator that owns the job's identity, one committer.
 *
 * <p>At a barrier each writer hands over what it wrote, the aggregator joins it into one delta under the job's commit
 * user and its last deltas, and the committer publishes it when the checkpoint is complete, and again after a restore.
 */
package io.streamhouse.flink.sink;
