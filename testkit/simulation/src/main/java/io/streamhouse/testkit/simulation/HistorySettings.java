package io.streamhouse.testkit.simulation;

import java.util.random.RandomGenerator;

/**
 * What one history is made of.
 *
 * @param jobs commit users that write into the table
 * @param shape keys of the table
 * @param keys different keys
 * @param steps moves of the scheduler
 * @param sharedCatalog all processes use one catalog and one connection; otherwise each has its own and they share
 *     nothing but the store
 * @param restarts whether attempts are restarted, forked and left behind as zombies
 * @param faults whether the store fails
 * @param interleaving probability, 0 to 1, that somebody else commits right before a snapshot is put
 */
record HistorySettings(
        int jobs,
        KeyShape shape,
        int keys,
        int steps,
        boolean sharedCatalog,
        boolean restarts,
        boolean faults,
        double interleaving) {
    static final int MAX_IN_FLIGHT = 3;
    static final int MAX_WRITERS = 3;

    static HistorySettings draw(RandomGenerator random) {
        int jobs = random.nextInt(10) < 2 ? 1 : random.nextInt(10) < 7 ? 2 : 3;
        KeyShape shape =
                switch (random.nextInt(8)) {
                    case 0, 1 -> KeyShape.PARTITIONED;
                    case 2 -> KeyShape.PARTITIONED_BY_TEXT;
                    case 3, 4 -> KeyShape.STRING;
                    default -> KeyShape.LONG;
                };
        int keys = 4 + random.nextInt(10);
        int steps = 34 + random.nextInt(30);
        boolean shared = random.nextInt(5) == 0;
        return new HistorySettings(jobs, shape, keys, steps, shared, true, random.nextInt(8) > 0, 0.5);
    }

    /** A small history, for a failure that a reader can follow; {@code level} 0 is the smallest. */
    static HistorySettings small(int level) {
        return new HistorySettings(
                level % 2 + 1,
                KeyShape.LONG,
                level < 2 ? 1 : 3,
                8 + 6 * level,
                false,
                level >= 2,
                level >= 6,
                level % 2 == 0 ? 0 : 0.4);
    }

    boolean sharesNothing() {
        return jobs >= 2 && !sharedCatalog;
    }
}
