package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Cuts a failing history down: first whole actors and sizes, then moves, then what comes between them (delta debugging:
 * halves, quarters, … single choices, until nothing more can go). What is left still fails, though perhaps otherwise.
 */
final class Shrinker {
    /** Histories tried at most; those cut down are short. */
    private static final int MAX_TRIES = 600;

    private final Mutant mutant;
    private HistoryFailure smallest;
    private int tries;

    Shrinker(HistoryFailure failure, Mutant mutant) {
        this.smallest = failure;
        this.mutant = mutant;
    }

    HistoryFailure run() {
        for (Cut cut : Cut.values()) {
            attempt(smallest.schedule().with(cut));
        }
        if (!attempt(smallest.schedule().only(new TreeSet<>(smallest.taken())))) {
            return smallest;
        }
        int before;
        do {
            before = smallest.taken().size();
            reduce(true);
            reduce(false);
        } while (smallest.taken().size() < before && tries < MAX_TRIES);
        return smallest;
    }

    private boolean attempt(Schedule schedule) {
        tries++;
        HistoryFailure found = RandomHistories.run(schedule, mutant).failure().orElse(null);
        if (found == null) {
            return false;
        }
        smallest = found;
        return true;
    }

    /** Takes out as many moves, with all that belongs to them, or as many other choices, as it can. */
    private void reduce(boolean moves) {
        int parts = 2;
        while (tries < MAX_TRIES) {
            List<Choice> all = smallest.taken().stream()
                    .filter(c -> (c.kind() == Choice.Kind.MOVE) == moves)
                    .toList();
            if (all.isEmpty()) {
                return;
            }
            parts = Math.min(parts, all.size());
            boolean shorter = false;
            // from the end: what comes late needs what came early
            for (int p = parts - 1; p >= 0 && !shorter && tries < MAX_TRIES; p--) {
                List<Choice> gone = all.subList(p * all.size() / parts, (p + 1) * all.size() / parts);
                shorter = attempt(smallest.schedule().only(without(smallest.taken(), gone)));
            }
            if (shorter) {
                parts = Math.max(2, parts - 1);
            } else if (parts == all.size()) {
                return;
            } else {
                parts *= 2;
            }
        }
    }

    private static NavigableSet<Choice> without(NavigableSet<Choice> all, List<Choice> gone) {
        NavigableSet<Choice> left = new TreeSet<>(all);
        List<Integer> moves = new ArrayList<>();
        for (Choice c : gone) {
            left.remove(c);
            if (c.kind() == Choice.Kind.MOVE) {
                moves.add(c.move());
            }
        }
        left.removeIf(c -> moves.contains(c.move()));
        return left;
    }
}
