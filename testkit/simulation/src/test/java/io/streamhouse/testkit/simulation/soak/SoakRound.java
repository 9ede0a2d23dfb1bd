package io.streamhouse.testkit.simulation.soak;

import java.util.Random;

/**
 * What one round of one job changes: distinct keys, in the order of writing.
 *
 * @param keys the keys
 * @param deletes for each of them whether it is deleted
 */
record SoakRound(long[] keys, boolean[] deletes) {
    private static final int DELETE_ONE_IN = 8;

    static SoakRound of(long seed, int job, long round, int keyCount) {
        Random random = new Random(SoakTable.mix(SoakTable.mix(seed + job) + round));
        long[] keys = random.longs(0, keyCount).distinct().limit(SoakPlan.ROWS).toArray();
        boolean[] deletes = new boolean[keys.length];
        for (int i = 0; i < keys.length; i++) {
            deletes[i] = random.nextInt(DELETE_ONE_IN) == 0;
        }
        return new SoakRound(keys, deletes);
    }
}
