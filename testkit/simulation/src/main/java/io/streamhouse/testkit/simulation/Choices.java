package io.streamhouse.testkit.simulation;

import io.streamhouse.testkit.Seeds;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** What a history may do and what it did: chance that begins anew with every move, and the choices taken. One thread. */
final class Choices {
    private final long seed;
    private final Optional<? extends Set<Choice>> allowed;
    private final NavigableSet<Choice> taken = new TreeSet<>();
    private final Map<Choice.Kind, Integer> numbers = new EnumMap<>(Choice.Kind.class);
    private RandomGenerator random;
    private int move = -1;

    /**
     * @param seed of all moves
     * @param allowed what may happen; absent: everything
     */
    Choices(long seed, Optional<? extends Set<Choice>> allowed) {
        this.seed = seed;
        this.allowed = allowed;
        this.random = Seeds.random(seed);
    }

    /** Chance of the current move. */
    RandomGenerator random() {
        return () -> random.nextLong();
    }

    /** Begins the next move; false if it is left out. */
    boolean begin() {
        beginAlways();
        return allows(Choice.ofMove(move));
    }

    /** Begins a move that is never left out. */
    void beginAlways() {
        move++;
        numbers.clear();
        random = Seeds.random(Seeds.derive(seed, move));
    }

    /** Number of the current move. */
    int move() {
        return move;
    }

    /** Chance wants something to happen; whether it may. */
    boolean happens(Choice.Kind kind) {
        return allows(new Choice(move, kind, numbers.merge(kind, 1, Integer::sum) - 1));
    }

    private boolean allows(Choice choice) {
        if (allowed.isPresent() && !allowed.get().contains(choice)) {
            return false;
        }
        taken.add(choice);
        return true;
    }

    /** All that happened so far. */
    NavigableSet<Choice> taken() {
        return new TreeSet<>(taken);
    }
}
