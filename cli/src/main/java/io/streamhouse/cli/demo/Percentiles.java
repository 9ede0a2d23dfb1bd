package io.streamhouse.cli.demo;

import java.util.Arrays;
import java.util.Collection;

/**
 * Two points of a distribution.
 *
 * @param count number of values
 * @param p50 median, 0 without values
 * @param p99 99th percentile, 0 without values
 */
record Percentiles(long count, long p50, long p99) {
    static Percentiles of(Collection<Long> values) {
        long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Percentiles(sorted.length, at(sorted, 0.50), at(sorted, 0.99));
    }

    /** Nearest rank. */
    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
