package io.streamhouse.read.filter;

import io.streamhouse.read.filter.Predicate.Operator;

/**
 * Which outcomes of comparing a value with a literal make a condition true. Negation is the complement, so NOT needs no
 * evaluation of its own; a NULL value has no outcome.
 *
 * @param less value below the literal
 * @param equal value equals the literal
 * @param greater value above the literal
 * @param unordered value or literal is NaN
 */
record Outcomes(boolean less, boolean equal, boolean greater, boolean unordered) {
    static Outcomes of(Operator operator) {
        return switch (operator) {
            case EQUAL -> new Outcomes(false, true, false, false);
            case NOT_EQUAL -> new Outcomes(true, false, true, true);
            case LESS -> new Outcomes(true, false, false, false);
            case LESS_OR_EQUAL -> new Outcomes(true, true, false, false);
            case GREATER -> new Outcomes(false, false, true, false);
            case GREATER_OR_EQUAL -> new Outcomes(false, true, true, false);
        };
    }

    Outcomes negated() {
        return new Outcomes(!less, !equal, !greater, !unordered);
    }

    /** For a literal strictly between the given one and its successor: what was below it is now below or equal. */
    Outcomes justAbove() {
        return new Outcomes(less, less, greater, unordered);
    }

    /** For a literal below every value of the column. */
    Outcomes belowAll() {
        return new Outcomes(greater, greater, greater, unordered);
    }

    /** Whether an order as of {@link Comparable} is one of them. */
    boolean accepts(int order) {
        return order < 0 ? less : order == 0 ? equal : greater;
    }

    /** Whether a value in {@code [min, max]} can have one of them, by the orders of the bounds against the literal. */
    boolean acceptsBetween(int minOrder, int maxOrder) {
        return (less && minOrder < 0) || (equal && minOrder <= 0 && maxOrder >= 0) || (greater && maxOrder > 0);
    }
}
