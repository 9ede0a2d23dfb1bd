package io.streamhouse.catalog;

import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * Whether objects that were written for a commit stand, and will for ever once they are published. A cleaner publishes what
 * it may take before it takes anything, and takes nothing that a snapshot up to its own names. So a snapshot that is built
 * on a cleaner's may name what is younger than that cleaner takes, and any later cleaner will find it named. Thread-safe.
 */
final class StandingObjects {
    private final ObjectStore store;
    private final boolean heedsCleaners;

    StandingObjects(ObjectStore store, Protections protections) {
        this.store = store;
        this.heedsCleaners = protections.has(Protection.PUBLISHERS_HEED_CLEANERS);
    }

    /**
     * The first of some objects that has gone, or that a cleaner may yet take; they must not be published on this head. Asks
     * the store, once an object, only if a cleaner ran since their base was old enough for it, or if their base is none of
     * this table's: then another table stood here.
     *
     * @param head the snapshot to build on; empty in a table without any
     * @param base the newest snapshot when they were made, or an earlier one; 0 if that is not known
     */
    Optional<String> firstTaken(Optional<Snapshot> head, long base, Collection<String> paths) throws IOException {
        Cleaned cleaned = head.map(Snapshot::cleaned).orElse(Cleaned.NOTHING);
        long newest = head.map(Snapshot::id).orElse(0L);
        if (base >= cleaned.baseBelow() && base <= newest || !heedsCleaners) {
            return Optional.empty();
        }
        for (String path : paths) {
            Optional<ObjectInfo> found = store.find(path);
            if (found.isEmpty() || found.get().modifiedMillis() < cleaned.changedBefore()) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
