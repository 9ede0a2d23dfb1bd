package io.streamhouse.testkit.simulation;

import java.util.List;
import java.util.UUID;

/**
 * What an engine keeps of one completed checkpoint.
 *
 * @param checkpoint its id
 * @param user commit user in the timeline
 * @param timeline bytes of the timeline
 * @param pending deltas flushed and not yet committed, oldest first
 * @param lineage all deltas of the timeline, pending ones included
 * @param writers writers of the attempt
 */
record StoredState(
        long checkpoint, String user, byte[] timeline, List<Committable> pending, List<UUID> lineage, int writers) {
    /**
     * A delta on its way to the committer.
     *
     * @param uuid its UUID
     * @param bytes the encoded delta
     */
    record Committable(UUID uuid, byte[] bytes) {}

    StoredState {
        pending = List.copyOf(pending);
        lineage = List.copyOf(lineage);
    }
}
