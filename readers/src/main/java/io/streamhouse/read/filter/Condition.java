package io.streamhouse.read.filter;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A bound condition without NOT: negation has moved into the leaves, so only "true" must be computed, and unknown is as
 * good as false. Columns are numbers: what they index is the caller's affair. Immutable.
 */
sealed interface Condition {
    /** The rows of {@code in} (bit per row) for which it is true; {@code in} stays as it is. */
    long[] select(ColumnBatch batch, long[] in);

    /** Whether it can be true for a row with such values; {@code ranges} by column number. */
    boolean mayMatch(IntFunction<ValueRange> ranges);

    /**
     * True if all are; the cheapest first is the writer's choice.
     *
     * @param all conditions
     */
    record All(List<Condition> all) implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            long[] out = in;
            for (Condition c : all) {
                out = c.select(batch, out);
            }
            return out;
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            return all.stream().allMatch(c -> c.mayMatch(ranges));
        }
    }

    /**
     * True if one is.
     *
     * @param any conditions
     */
    record Any(List<Condition> any) implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            long[] rest = in.clone();
            long[] out = new long[in.length];
            for (Condition c : any) {
                long[] found = c.select(batch, rest);
                for (int w = 0; w < out.length; w++) {
                    out[w] |= found[w];
                    rest[w] &= ~found[w];
                }
            }
            return out;
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            return any.stream().anyMatch(c -> c.mayMatch(ranges));
        }
    }

    /**
     * NULL, or not.
     *
     * @param column column number
     * @param isNull true for IS NULL
     */
    record NullTest(int column, boolean isNull) implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            long[] nulls = batch.column(column).nulls();
            long[] out = new long[in.length];
            for (int w = 0; w < out.length; w++) {
                long n = nulls == null ? 0 : nulls[w];
                out[w] = in[w] & (isNull ? n : ~n);
            }
            return out;
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            ValueRange range = ranges.apply(column);
            return isNull ? range.mayBeNull() : range.mayBeValue();
        }
    }

    /**
     * Column against a literal.
     *
     * @param column column number
     * @param outcomes which outcomes are true
     * @param literal compares values with the literal
     */
    record Comparison(int column, Outcomes outcomes, Literal literal) implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            return selectNonNull(batch.column(column), in, (v, from, to) -> literal.test(v, from, to, outcomes));
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            ValueRange range = ranges.apply(column);
            if (!range.mayBeValue()) {
                return false;
            }
            return range.bounds() == null || literal.mayMatch(range.bounds(), range.minRow(), range.maxRow(), outcomes);
        }
    }

    /**
     * Column equal to one of the literals, or to none.
     *
     * @param column column number
     * @param negated NOT IN
     * @param literals ascending, distinct, of one kind
     */
    record Membership(int column, boolean negated, Literal.Sorted literals) implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            return selectNonNull(batch.column(column), in, (v, from, to) -> {
                long bits = literals.contains(v, from, to);
                return negated ? ~bits : bits;
            });
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            ValueRange range = ranges.apply(column);
            if (!range.mayBeValue()) {
                return false;
            }
            return negated
                    || range.bounds() == null
                    || literals.mayContain(range.bounds(), range.minRow(), range.maxRow());
        }
    }

    /** Never true: a comparison with NULL. */
    record Never() implements Condition {
        @Override
        public long[] select(ColumnBatch batch, long[] in) {
            return new long[in.length];
        }

        @Override
        public boolean mayMatch(IntFunction<ValueRange> ranges) {
            return false;
        }
    }

    /** Up to 64 neighbouring rows of a vector. */
    @FunctionalInterface
    interface WordTest {
        /** Bit i = row {@code from + i} is true; rows are {@code [from, to)}, bits beyond mean nothing. */
        long test(ColumnVector vector, int from, int to);
    }

    private static long[] selectNonNull(ColumnVector vector, long[] in, WordTest test) {
        long[] nulls = vector.nulls();
        long[] out = new long[in.length];
        for (int w = 0; w < out.length; w++) {
            long candidates = nulls == null ? in[w] : in[w] & ~nulls[w];
            if (candidates != 0) {
                out[w] = candidates & test.test(vector, w << 6, Math.min(vector.size(), (w << 6) + 64));
            }
        }
        return out;
    }
}
