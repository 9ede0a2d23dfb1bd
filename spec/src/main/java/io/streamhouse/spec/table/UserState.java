package io.streamhouse.spec.table;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One commit user in the commit map.
 *
 * @param epoch current epoch; 0 = never fenced
 * @param fencedAt checkpoint that the attempt of this epoch restored, 0 for none
 * @param lastIdentifier identifier of the newest delta, 0 for none
 * @param lastDeltas UUIDs of the last 16 deltas, oldest first
 * @param watermark of the newest delta
 * @param timeMillis time of the newest commit or fence
 * @param closed true after a batch statement committed
 */
public record UserState(
        int epoch,
        long fencedAt,
        long lastIdentifier,
        List<UUID> lastDeltas,
        OptionalLong watermark,
        long timeMillis,
        boolean closed) {
    /** UUIDs kept per user. */
    public static final int KEPT_DELTAS = 16;

    public UserState {
        lastDeltas = List.copyOf(lastDeltas);
        if (lastDeltas.size() > KEPT_DELTAS) {
            throw new IllegalArgumentException(lastDeltas.size() + " delta UUIDs, at most " + KEPT_DELTAS);
        }
    }

    /** The newest delta. */
    public Optional<UUID> newestDelta() {
        return lastDeltas.isEmpty() ? Optional.empty() : Optional.of(lastDeltas.get(lastDeltas.size() - 1));
    }
}
