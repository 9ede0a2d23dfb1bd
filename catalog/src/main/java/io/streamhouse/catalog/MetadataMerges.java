package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.TreeMerge;
import io.streamhouse.catalog.tree.TreeMerger;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/**
 * Merges manifests and mask segments beside the commits of a chain, on the caller's thread. The result is offered to the
 * chain's next commit, which swaps the references if all inputs still stand: no snapshot and no conflict of its own. Where
 * nobody runs it, or it is late, the commit that meets the limit merges by itself. Thread-safe; one thread at a time
 * works.
 *
 * @see BackgroundMerges
 */
public final class MetadataMerges {
    private final ObjectStore store;
    private final PendingMerges pending;
    private final TreeMerger merger;

    MetadataMerges(ObjectStore store, PendingMerges pending, TreeMerger merger) {
        this.store = store;
        this.pending = pending;
        this.merger = merger;
    }

    /** Whether {@link #run} would find something to do at this snapshot; asks nobody. */
    public boolean isDue(Snapshot head) {
        return pending.isEmpty() && TreeMerger.isDue(head.tree());
    }

    /**
     * Merges what is worth it, and offers it.
     *
     * @param head the newest snapshot that the caller knows
     * @return number of merges offered; 0 while older ones wait
     */
    public synchronized int run(Snapshot head) throws IOException {
        delete(pending.takeUseless());
        if (!isDue(head)) {
            return 0;
        }
        List<TreeMerge> merges = merger.merge(head);
        pending.offer(merges);
        return merges.size();
    }

    /** Takes back what no commit has taken in. For the end of whoever commits; later commits merge by themselves. */
    public synchronized void withdraw() throws IOException {
        delete(pending.take());
        delete(pending.takeUseless());
    }

    private void delete(List<TreeMerge> merges) throws IOException {
        for (TreeMerge merge : merges) {
            if (merge.written().isPresent()) {
                try {
                    store.delete(merge.written().get());
                } catch (StreamhouseException e) {
                    return; // orphans, which cleaning finds
                }
            }
        }
    }
}
