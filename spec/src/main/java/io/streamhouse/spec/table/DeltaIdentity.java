package io.streamhouse.spec.table;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Who commits what: identifiers are not unique over timelines, UUIDs are.
 *
 * @param user commit user
 * @param epoch epoch of the attempt that made the delta; 0 for batch users, which are never fenced
 * @param identifier checkpoint id, ascending within a timeline
 * @param delta UUID of this delta
 * @param predecessor UUID of the last non-empty delta of the same timeline
 * @param closesUser true for the only delta of a batch statement
 */
public record DeltaIdentity(
        String user, int epoch, long identifier, UUID delta, Optional<UUID> predecessor, boolean closesUser) {
    public DeltaIdentity {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(delta, "delta");
        Objects.requireNonNull(predecessor, "predecessor");
    }
}
