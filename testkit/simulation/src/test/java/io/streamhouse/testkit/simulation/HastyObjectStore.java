package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;

/** A store whose conditional put has an answer to everything. Loses commits, or denies them. */
final class HastyObjectStore extends ForwardingObjectStore {
    private static final int TRIES = 4;

    /** What to make of a put without an answer. */
    enum Habit {
        /** It is in doubt, as it should be. */
        NONE,
        /** It is made again, as SDKs do: the winner may hear that he has lost. */
        REPEATS,
        /** It was a success. */
        BELIEVES
    }

    private final Habit habit;

    HastyObjectStore(ObjectStore store, Habit habit) {
        super(store);
        this.habit = habit;
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        PutOutcome outcome = super.putIfAbsent(path, bytes);
        for (int tries = 1; habit == Habit.REPEATS && outcome == PutOutcome.UNKNOWN && tries < TRIES; tries++) {
            outcome = super.putIfAbsent(path, bytes);
        }
        return habit == Habit.BELIEVES && outcome == PutOutcome.UNKNOWN ? PutOutcome.CREATED : outcome;
    }
}
