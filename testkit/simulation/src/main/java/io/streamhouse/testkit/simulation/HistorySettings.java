package io.streamhouse.testkit.simulation;

import io.streamhouse.testkit.Seeds;
import java.util.random.RandomGenerator;

/**
 * What one history is made of.
 *
 * @param jobs commit users that write into the table
 * @param shape keys of the table
 * @param keys different keys
 * @param rows most rows of a checkpoint
 * @param writers most writers of an attempt
 * @param steps moves of the scheduler
 * @param sharedCatalog all processes use one catalog and one connection; otherwise each has its own and they share
 *     nothing but the store
 * @param restarts whether attempts are restarted, forked and left behind as zombies
 * @param faults whether the store fails
 * @param interleaving probability, 0 to 1, that somebody else commits right before a snapshot is put
 * @param compactors processes that compact beside the jobs
 * @param inline whether jobs compact between their own commits
 * @param expirers processes that let old snapshots go; with any there are readers, too, and long pauses
 * @param changers processes that change options of the table
 */
record HistorySettings(
        int jobs,
        KeyShape shape,
        int keys,
        int rows,
        int writers,
        int steps,
        boolean sharedCatalog,
        boolean restarts,
        boolean faults,
        double interleaving,
        int compactors,
        boolean inline,
        int expirers,
        int changers) {
    static final int MAX_IN_FLIGHT = 3;
    private static final int MAX_WRITERS = 3;
    private static final int FEW_ROWS = 5;
    private static final int BRIEF_STEPS = 80;
    private static final int LONG_STEPS = 500;
    private static final int WIDE_IN = 4000;
    private static final int LONG_IN = 500;
    /** Of so many histories all but one are short: many small ones find more in the same time than few large ones. */
    private static final int SHORT_OF = 4;

    /** Of so many histories options change in one. */
    private static final int CHANGING_IN = 4;
    /** Three, so that one lets two others by. */
    static final int CHANGERS = 3;

    private static final double INTERLEAVING = 0.6;

    /** Settings of a seed: mostly short histories of few rows; of 4,000 seeds in a row one is wide, eight are long and 991 are of
     * medium length. */
    static HistorySettings of(long seed) {
        RandomGenerator random = Seeds.random(seed);
        if (Math.floorMod(seed, WIDE_IN) == 0) {
            return wide(random);
        }
        boolean isLong = Math.floorMod(seed, LONG_IN) == 4;
        int jobs = random.nextInt(10) < 1 ? 1 : random.nextInt(10) < 5 ? 2 : 3;
        int keys = 4 + random.nextInt(10);
        boolean isShort = Math.floorMod(seed, SHORT_OF) != 0;
        int steps = isLong ? LONG_STEPS : isShort ? 8 + random.nextInt(12) : 24 + random.nextInt(20);
        boolean shared = random.nextInt(5) == 0;
        return new HistorySettings(
                jobs,
                shape(random),
                keys,
                FEW_ROWS,
                MAX_WRITERS,
                steps,
                shared,
                true,
                random.nextInt(8) > 0,
                INTERLEAVING,
                Math.max(0, random.nextInt(5) - 2),
                random.nextInt(4) == 0,
                Math.max(0, random.nextInt(4) - 1),
                random.nextInt(CHANGING_IN) == 0 ? CHANGERS : 0);
    }

    private static KeyShape shape(RandomGenerator random) {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> KeyShape.PARTITIONED;
            case 3, 4 -> KeyShape.PARTITIONED_BY_TEXT;
            case 5, 6, 7 -> KeyShape.STRING;
            case 8 -> KeyShape.HUGE_STRING;
            case 9, 10 -> KeyShape.APPEND;
            case 11 -> KeyShape.APPEND_PARTITIONED;
            default -> KeyShape.LONG;
        };
    }

    /** Deltas so large that masks, delete keys and found positions stand in objects instead of the snapshot. */
    private static HistorySettings wide(RandomGenerator random) {
        KeyShape shape = random.nextInt(3) > 0 ? KeyShape.LONG_STRING : KeyShape.LONG;
        return new HistorySettings(
                2, shape, 40_000, 80_000, 1, 18, false, true, true, INTERLEAVING, 1, true, 1, CHANGERS);
    }

    /** The same with keys so long that commits write manifests. */
    HistorySettings spilling() {
        return with(KeyShape.HUGE_STRING, steps);
    }

    /** The same, no longer than most are. */
    HistorySettings brief() {
        return with(shape, Math.min(steps, BRIEF_STEPS));
    }

    private HistorySettings with(KeyShape shape, int steps) {
        return new HistorySettings(
                jobs,
                shape,
                keys,
                rows,
                writers,
                steps,
                sharedCatalog,
                restarts,
                faults,
                interleaving,
                compactors,
                inline,
                expirers,
                changers);
    }

    /** The same with so many who change options. */
    HistorySettings changing(int changers) {
        return new HistorySettings(
                jobs,
                shape,
                keys,
                rows,
                writers,
                steps,
                sharedCatalog,
                restarts,
                faults,
                interleaving,
                compactors,
                inline,
                expirers,
                changers);
    }

    /** The same with somebody who lets snapshots go. */
    HistorySettings expiring() {
        return expirers > 0 ? this : with(jobs, keys, rows, writers, sharedCatalog, restarts, compactors, inline, 1);
    }

    /** The same, smaller. */
    HistorySettings cut(Cut cut) {
        return switch (cut) {
            case ONE_JOB -> with(1, keys, rows, writers, sharedCatalog, restarts, compactors, inline, expirers);
            case NO_COMPACTOR -> with(jobs, keys, rows, writers, sharedCatalog, restarts, 0, inline, expirers);
            case NO_INLINE_COMPACTION ->
                with(jobs, keys, rows, writers, sharedCatalog, restarts, compactors, false, expirers);
            case NO_EXPIRER -> with(jobs, keys, rows, writers, sharedCatalog, restarts, compactors, inline, 0);
            case NO_CHANGER -> changing(0);
            case ONE_WRITER -> with(jobs, keys, rows, 1, sharedCatalog, restarts, compactors, inline, expirers);
            case FEW_KEYS ->
                with(jobs, Math.min(2, keys), rows, writers, sharedCatalog, restarts, compactors, inline, expirers);
            case ONE_ROW -> with(jobs, keys, 1, writers, sharedCatalog, restarts, compactors, inline, expirers);
            case NO_RESTART -> with(jobs, keys, rows, writers, sharedCatalog, false, compactors, inline, expirers);
            case OWN_CATALOGS -> with(jobs, keys, rows, writers, false, restarts, compactors, inline, expirers);
        };
    }

    private HistorySettings with(
            int jobs,
            int keys,
            int rows,
            int writers,
            boolean sharedCatalog,
            boolean restarts,
            int compactors,
            boolean inline,
            int expirers) {
        return new HistorySettings(
                jobs,
                shape,
                keys,
                rows,
                writers,
                steps,
                sharedCatalog,
                restarts,
                faults,
                interleaving,
                compactors,
                inline,
                expirers,
                changers);
    }

    boolean sharesNothing() {
        return jobs >= 2 && !sharedCatalog;
    }
}
