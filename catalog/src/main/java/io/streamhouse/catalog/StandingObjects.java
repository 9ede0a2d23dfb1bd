package io.streamhouse.catalog;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether objects that were written for a commit stand, and will for ever once they are published. A cleaner publishes what
 * it may take before it takes anything, and takes nothing that a snapshot up to its own names. So a snapshot that is built
 * on a cleaner's may name what is younger than that cleaner takes, and any later cleaner will find it named. Thread-safe.
 */
final class StandingObjects {
    private final ObjectStore store;
    private final boolean heedsCleaners;

    StandingObjects(ObjectStore store, PublishChecks checks) {
        this.store = store;
        this.heedsCleaners = checks.heedsCleaners();
    }

    /**
     * The first of some objects that a cleaner has taken or may yet take; they must not be published on this head. Asks the
     * store, once an object, only if a cleaner ran since their base was old enough for it.
     *
     * @param head the snapshot to build on
     * @param base the newest snapshot when they were made, or an earlier one; 0 if that is not known
     */
    Optional<String> firstTaken(Snapshot head, long base, Collection<String> paths) throws IOException {
        if (base >= head.cleaned().baseBelow() || !heedsCleaners) {
            return Optional.empty();
        }
        for (String path : paths) {
            Optional<ObjectInfo> found = store.find(path);
            if (found.isEmpty() || found.get().modifiedMillis() < head.cleaned().changedBefore()) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** As {@link #firstTaken}, of all that a draft brings along. */
    Optional<String> firstTaken(Snapshot head, SnapshotDraft draft) throws IOException {
        if (draft.base() >= head.cleaned().baseBelow()) {
            return Optional.empty();
        }
        Set<String> paths = new LinkedHashSet<>();
        draft.added().forEach(f -> paths.add(f.object().path()));
        Stream.concat(draft.change().deletes().stream(), draft.change().positionMap().stream())
                .filter(BlockRef.Stored.class::isInstance)
                .forEach(b -> paths.add(((BlockRef.Stored) b).path()));
        return firstTaken(head, draft.base(), paths);
    }
}
