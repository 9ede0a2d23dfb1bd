package io.streamhouse.catalog;

/**
 * What one {@link SnapshotChain} has published since it was opened.
 *
 * @param snapshots snapshots that won their slot, FENCE included
 * @param maskObjects objects with the masks or delete blocks of one commit
 * @param manifestsSpilled manifests written because a tail was full
 * @param manifestsMerged manifests that a commit itself wrote out of older ones (and a tail)
 * @param segmentsMerged mask segments that a commit itself merged out of older ones
 * @param mergesTakenIn merges made beside the commits ({@link MetadataMerges}) that a commit has swapped in
 * @param hints hint objects written
 * @param conflicts lost races
 * @param readbacks slots read back because the store did not say
 */
public record PublishStats(
        long snapshots,
        long maskObjects,
        long manifestsSpilled,
        long manifestsMerged,
        long segmentsMerged,
        long mergesTakenIn,
        long hints,
        long conflicts,
        long readbacks) {
    public static final PublishStats ZERO = new PublishStats(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
