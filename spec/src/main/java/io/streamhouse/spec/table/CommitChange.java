package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What this very commit changed, beside the entries with {@code addedIn} = its id and the segment that ends at its id.
 *
 * @param counts rows inserted, updated, deleted
 * @param deletes encoded delete blocks of the writers, for upsert subscribers
 * @param examinedRows rows of other commits' files that resolution looked at
 * @param conflicts lost races before this publication
 * @param positionMap encoded {@link PositionMap} of a COMPACT that kept rows
 */
public record CommitChange(
        DeltaCounts counts, List<BlockRef> deletes, long examinedRows, int conflicts, Optional<BlockRef> positionMap) {
    public static final CommitChange NONE = new CommitChange(DeltaCounts.ZERO, List.of(), 0, 0, Optional.empty());

    public CommitChange {
        Objects.requireNonNull(counts, "counts");
        deletes = List.copyOf(deletes);
        Objects.requireNonNull(positionMap, "positionMap");
    }
}
