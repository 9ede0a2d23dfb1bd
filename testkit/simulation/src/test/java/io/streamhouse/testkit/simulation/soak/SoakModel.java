package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.spec.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The oracle: for every key who wrote it last, and count and hash of the table after each snapshot. One thread. */
final class SoakModel {
    private static final long NONE = -1;
    private static final int JOB_BITS = 4;

    private final long seed;

    /** Round and job of the row of each key. */
    private final long[] writers;

    private final List<Totals> history = new ArrayList<>(List.of(Totals.EMPTY));

    /**
     * A table in two numbers.
     *
     * @param count rows
     * @param hash sum of {@link SoakTable#hash}
     */
    record Totals(long count, long hash) {
        static final Totals EMPTY = new Totals(0, 0);

        private Totals plus(Row row) {
            return new Totals(count + 1, hash + SoakTable.hash(row));
        }

        private Totals minus(Row row) {
            return new Totals(count - 1, hash - SoakTable.hash(row));
        }
    }

    SoakModel(long seed, int keys) {
        this.seed = seed;
        this.writers = new long[keys];
        Arrays.fill(writers, NONE);
    }

    /** The newest snapshot that the model knows. */
    long head() {
        return history.size() - 1L;
    }

    Totals at(long snapshot) {
        return history.get((int) snapshot);
    }

    /** The next snapshot is a round of a job. */
    void commit(int job, long round) {
        Totals totals = at(head());
        SoakRound changes = SoakRound.of(seed, job, round, writers.length);
        for (int i = 0; i < changes.keys().length; i++) {
            long key = changes.keys()[i];
            totals = row(key).isPresent() ? totals.minus(row(key).get()) : totals;
            writers[(int) key] = changes.deletes()[i] ? NONE : round << JOB_BITS | job;
            totals = row(key).isPresent() ? totals.plus(row(key).get()) : totals;
        }
        history.add(totals);
    }

    /** The next snapshot changes no row. */
    void commitNothing() {
        history.add(at(head()));
    }

    /** The row of a key at the head. */
    Optional<Row> row(long key) {
        long writer = writers[(int) key];
        return writer == NONE
                ? Optional.empty()
                : Optional.of(SoakTable.row(seed, (int) (writer & (1 << JOB_BITS) - 1), writer >> JOB_BITS, key));
    }
}
