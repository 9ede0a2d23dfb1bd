package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One job of an engine: what survives its attempts. */
final class EngineJob {
    private final String name;
    private final List<StoredState> states = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();

    EngineJob(String name) {
        this.name = name;
    }

    /** The name of the job and of its first commit user. */
    String name() {
        return name;
    }

    void complete(StoredState state) {
        states.add(state);
    }

    List<StoredState> states() {
        return states;
    }

    Optional<StoredState> newestState() {
        return states.isEmpty() ? Optional.empty() : Optional.of(states.get(states.size() - 1));
    }

    void started(Attempt attempt) {
        attempts.add(attempt);
    }

    int attemptCount() {
        return attempts.size();
    }

    List<Attempt> living() {
        return attempts.stream().filter(a -> !a.isDead()).toList();
    }

    /** True if a younger attempt has been started, so that this one is a zombie. */
    boolean isSuperseded(Attempt attempt) {
        return attempts.get(attempts.size() - 1) != attempt;
    }

    /** Mostly the newest state, or the newest that goes on from what the table holds; else any older one, or none. */
    Optional<StoredState> choose(RandomGenerator random, TimelineOracle timelines) {
        int x = random.nextInt(100);
        if (states.isEmpty() || x < 5) {
            return Optional.empty();
        }
        if (x < 30) {
            return Optional.of(states.get(random.nextInt(states.size())));
        }
        return x < 50 ? newestState() : newestThatContinues(timelines).or(this::newestState);
    }

    /** The newest state whose commits are the last of its user in the table. */
    Optional<StoredState> newestThatContinues(TimelineOracle timelines) {
        for (int i = states.size() - 1; i >= 0; i--) {
            StoredState state = states.get(i);
            if (timelines.continues(state.user(), state.lineage())) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
