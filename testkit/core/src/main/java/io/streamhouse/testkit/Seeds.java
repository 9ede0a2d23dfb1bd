package io.streamhouse.testkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Where randomized tests get their seed: from {@code -Dstreamhouse.seed=}, and always printed. */
public final class Seeds {
    /** The system property that repeats a run. */
    public static final String PROPERTY = "streamhouse.seed";

    private Seeds() {}

    /** The seed of a test: the property's, or a new one. Prints it. */
    public static long of(String test) {
        return of(test, new SplittableRandom().nextLong());
    }

    /** The seed of a test: the property's, or the default. Prints it. */
    public static long of(String test, long defaultSeed) {
        String given = System.getProperty(PROPERTY);
        long seed = given == null || given.isBlank() ? defaultSeed : parse(given.strip());
        System.out.printf("%s: repeat with -D%s=%d%n", test, PROPERTY, seed);
        return seed;
    }

    /** The seed of part {@code index} of a run: any two differ, and each can be run alone. */
    public static long derive(long seed, long index) {
        return new SplittableRandom(seed ^ (index + 1) * 0x9e3779b97f4a7c15L).nextLong();
    }

    /** A generator that repeats itself for equal seeds. One thread. */
    public static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    private static long parse(String given) {
        try {
            return Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D%s=%s is not a whole number".formatted(PROPERTY, given), e);
        }
    }
}
