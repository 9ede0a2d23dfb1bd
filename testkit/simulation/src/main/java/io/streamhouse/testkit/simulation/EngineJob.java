package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
}
