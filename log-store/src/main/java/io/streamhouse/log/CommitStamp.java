package io.streamhouse.log;

/**
 * Which commit rows come from.
 *
 * @param snapshotId snapshot that the commit published
 * @param timeMillis commit time in milliseconds since the epoch
 * @param schemaId schema of the table at that snapshot
 */
public record CommitStamp(long snapshotId, long timeMillis, int schemaId) {}
