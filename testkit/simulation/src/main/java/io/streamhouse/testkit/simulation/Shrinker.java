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
    private static final int MAX_TRIES = 1_500;

    private final Mutant mutant;
    private HistoryFailure smallest;
    private int tries;

    Shrinker(HistoryFailure failure, Mutant mutant) {
        this.smallest = failure;
        this.mutant = mutant;
    }

    HistoryFailure run() {
        HistoryFailure first = smallest;
        for (Cut cut : Cut.values()) {
            attempt(smallest.schedule().with(cut));
        }
        reduce();
        if (smallest.moves() > first.moves()) {
            // with fewer actors it goes wrong so much later that even its shortest form is longer
            smallest = first;
            tries = 0;
            reduce();
        }
        return smallest;
    }

    private void reduce() {
        if (!attempt(smallest.schedule().only(new TreeSet<>(smallest.taken())))) {
            return;
        }
        int before;
        do {
            before = smallest.taken().size();
            reduce(true);
            reduce(false);
        } while (smallest.taken().size() < before && tries < MAX_TRIES);
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

    /** Takes out moves, with all that belongs to them, or other choices: half of them, quarters, … single ones. */
    private void reduce(boolean moves) {
        for (int size = choices(moves).size(); size >= 1; size /= 2) {
            List<Choice> all = choices(moves);
            // from the end: what comes late needs what came early
            for (int end = all.size(); end > 0 && tries < MAX_TRIES; end -= size) {
                List<Choice> gone = all.subList(Math.max(0, end - size), end);
                if (gone.stream().anyMatch(smallest.taken()::contains)) {
                    attempt(smallest.schedule().only(without(smallest.taken(), gone)));
                }
            }
        }
    }

    private List<Choice> choices(boolean moves) {
        return smallest.taken().stream()
                .filter(c -> (c.kind() == Choice.Kind.MOVE) == moves)
                .toList();
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
