package io.streamhouse.spec;

import java.util.Random;

/** Seeds of random tests: printed, and given back by {@code -Dstreamhouse.seed=}. */
public final class Seeds {
    private Seeds() {}

    /** The seed of a test run. */
    public static long of(String test) {
        String given = System.getProperty("streamhouse.seed");
        long seed = given == null || given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println(test + ": -Dstreamhouse.seed=" + seed);
        return seed;
    }

    public static Random random(String test) {
        return new Random(of(test));
    }
}
