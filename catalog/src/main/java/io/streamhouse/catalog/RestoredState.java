package io.streamhouse.catalog;

import io.streamhouse.spec.table.UserState;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What a job keeps about its commits in its checkpointed state.
 *
 * @param user commit user
 * @param epoch epoch of the attempt that wrote the state, 0 for none
 * @param lastDeltas UUIDs of the last non-empty deltas of the timeline, published or not, oldest first, at most
 *     {@link UserState#KEPT_DELTAS}
 * @param checkpoint the restored checkpoint, 0 for none
 * @param restored false for a start without state
 */
public record RestoredState(String user, int epoch, List<UUID> lastDeltas, long checkpoint, boolean restored) {
    public RestoredState {
        Objects.requireNonNull(user, "user");
        lastDeltas = List.copyOf(lastDeltas);
        if (lastDeltas.size() > UserState.KEPT_DELTAS) {
            throw new IllegalArgumentException(
                    "%d delta UUIDs, at most %d".formatted(lastDeltas.size(), UserState.KEPT_DELTAS));
        }
    }

    /** A start without state. */
    public static RestoredState none(String user) {
        return new RestoredState(user, 0, List.of(), 0, false);
    }
}
