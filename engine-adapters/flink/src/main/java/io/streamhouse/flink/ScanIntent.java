package io.streamhouse.flink;

import io.streamhouse.read.filter.Predicate;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the planner has pushed into a scan.
 *
 * @param projection positions of the columns that are read, in the order of the output
 * @param filter rows that need not be read if it does not hold
 * @param limit rows after which the statement needs no more
 */
record ScanIntent(int[] projection, Optional<Predicate> filter, OptionalLong limit) {
    ScanIntent {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(limit, "limit");
    }

    ScanIntent withProjection(int[] next) {
        return new ScanIntent(next, filter, limit);
    }

    ScanIntent withFilter(Optional<Predicate> next) {
        return new ScanIntent(projection, next, limit);
    }

    ScanIntent withLimit(long next) {
        return new ScanIntent(projection, filter, OptionalLong.of(next));
    }
}
