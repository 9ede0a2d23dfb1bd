package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.TreeMerge;
import java.util.ArrayList;
import java.util.List;

/** Merged metadata that waits for a commit to take it in, and what none will. Thread-safe. */
final class PendingMerges {
    private final List<TreeMerge> waiting = new ArrayList<>();
    private final List<TreeMerge> useless = new ArrayList<>();

    synchronized void offer(List<TreeMerge> merges) {
        waiting.addAll(merges);
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** All that wait; the caller alone has them now. */
    synchronized List<TreeMerge> take() {
        List<TreeMerge> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /** No snapshot has ever named these, and none will. */
    synchronized void drop(List<TreeMerge> merges) {
        useless.addAll(merges);
    }

    synchronized List<TreeMerge> takeUseless() {
        List<TreeMerge> taken = List.copyOf(useless);
        useless.clear();
        return taken;
    }
}
