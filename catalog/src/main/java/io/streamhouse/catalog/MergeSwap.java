package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.TreeMerge;
import io.streamhouse.catalog.tree.TreeReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TreeRefs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Merged metadata on its way into one snapshot. What one attempt to publish has taken, no other can take: an object that
 * may stand in a snapshot is neither offered again nor deleted. One thread.
 */
final class MergeSwap implements AutoCloseable {
    private final PendingMerges pending;
    private final TreeRefs tree;
    private final List<TreeMerge> taken;
    private boolean mayBePublished;

    private MergeSwap(PendingMerges pending, TreeRefs tree, List<TreeMerge> taken) {
        this.pending = pending;
        this.tree = tree;
        this.taken = taken;
    }

    /** Leaves all that wait where it is. */
    static MergeSwap none(PendingMerges pending) {
        return new MergeSwap(pending, TreeRefs.EMPTY, List.of());
    }

    /** Takes what fits the tree; what does not is useless, since inputs that have gone do not come back. */
    static MergeSwap into(
            TreeRefs tree, Optional<Snapshot> head, PendingMerges pending, TreeReader trees, StandingObjects standing)
            throws IOException {
        if (head.isEmpty() || pending.isEmpty()) {
            return new MergeSwap(pending, tree, List.of());
        }
        List<TreeMerge> waiting = pending.take();
        List<TreeMerge> taken = new ArrayList<>();
        List<TreeMerge> useless = new ArrayList<>();
        List<TreeMerge> tooNew = new ArrayList<>();
        TreeRefs next = tree;
        try {
            for (TreeMerge merge : waiting) {
                if (merge.base() > head.get().id()) {
                    tooNew.add(merge); // this attempt is late and will lose its race
                    continue;
                }
                Optional<TreeRefs> swapped =
                        isSafe(merge, head.get(), trees, standing) ? merge.in(next) : Optional.empty();
                next = swapped.orElse(next);
                (swapped.isPresent() ? taken : useless).add(merge);
            }
        } catch (IOException | RuntimeException e) {
            pending.offer(waiting);
            throw e;
        }
        pending.offer(tooNew);
        pending.drop(useless);
        return new MergeSwap(pending, next, taken);
    }

    /** What has waited for days beside a job without commits may have been cleaned away. */
    private static boolean isSafe(TreeMerge merge, Snapshot head, TreeReader trees, StandingObjects standing)
            throws IOException {
        if (standing.firstTaken(
                        Optional.of(head),
                        merge.base(),
                        merge.written().stream().toList())
                .isPresent()) {
            return false;
        }
        return merge.silentAbout().isEmpty()
                || head.tree().lastRemovalIn() <= merge.base()
                || Collections.disjoint(trees.liveFiles(head), merge.silentAbout());
    }

    /** The tree with what was taken. */
    TreeRefs tree() {
        return tree;
    }

    int count() {
        return taken.size();
    }

    /** From now on a snapshot may name what was taken. */
    void mayBePublished() {
        mayBePublished = true;
    }

    /** The slot never held the snapshot. */
    void wasNotPublished() {
        mayBePublished = false;
    }

    /** Gives back what no snapshot names. */
    @Override
    public void close() {
        if (!mayBePublished) {
            pending.offer(taken);
        }
    }
}
