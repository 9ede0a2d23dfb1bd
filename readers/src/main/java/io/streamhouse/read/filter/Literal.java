package io.streamhouse.read.filter;

import io.streamhouse.spec.column.ColumnVector;
import java.util.Arrays;
import java.util.Comparator;

/** A literal in the form in which a column's values stand in memory. Immutable. */
sealed interface Literal {
    /** Bit i = the value at row {@code from + i} compares to this with one of the outcomes; at most 64 rows. */
    long test(ColumnVector vector, int from, int to, Outcomes outcomes);

    /** Whether a value between two rows of a vector can compare to this with one of the outcomes. */
    boolean mayMatch(ColumnVector bounds, int minRow, int maxRow, Outcomes outcomes);

    /**
     * BOOLEAN, integers, dates, times, timestamps, short decimals.
     *
     * @param value in the column's own unit
     */
    record OfLong(long value) implements Literal {
        @Override
        public long test(ColumnVector vector, int from, int to, Outcomes o) {
            // every set of outcomes is an interval or the complement of one: no branch per row
            boolean complement = o.less() && o.greater() && !o.equal();
            boolean none = !o.less() && !o.equal() && !o.greater();
            boolean below = o.less() && !o.equal() && !o.greater();
            boolean above = o.greater() && !o.equal() && !o.less();
            if (none || (below && value == Long.MIN_VALUE) || (above && value == Long.MAX_VALUE)) {
                return 0;
            }
            long lo = o.less() && !complement ? Long.MIN_VALUE : above ? value + 1 : value;
            long hi = o.greater() && !complement ? Long.MAX_VALUE : below ? value - 1 : value;
            long bits = within(vector, from, to, lo, hi);
            return complement ? ~bits : bits;
        }

        private static long within(ColumnVector vector, int from, int to, long lo, long hi) {
            long bits = 0;
            switch (vector.physical()) {
                case BOOLEAN -> {
                    byte[] v = ((ColumnVector.Booleans) vector).values();
                    for (int i = from; i < to; i++) {
                        bits |= (v[i] >= lo & v[i] <= hi ? 1L : 0L) << i;
                    }
                }
                case INT -> {
                    int[] v = ((ColumnVector.Ints) vector).values();
                    for (int i = from; i < to; i++) {
                        bits |= (v[i] >= lo & v[i] <= hi ? 1L : 0L) << i;
                    }
                }
                case LONG -> {
                    long[] v = ((ColumnVector.Longs) vector).values();
                    for (int i = from; i < to; i++) {
                        bits |= (v[i] >= lo & v[i] <= hi ? 1L : 0L) << i;
                    }
                }
                case FLOAT, DOUBLE, BYTES -> throw misfit(vector);
            }
            return bits;
        }

        @Override
        public boolean mayMatch(ColumnVector bounds, int minRow, int maxRow, Outcomes outcomes) {
            return outcomes.acceptsBetween(
                    Long.compare(at(bounds, minRow), value), Long.compare(at(bounds, maxRow), value));
        }

        static long at(ColumnVector vector, int row) {
            return switch (vector.physical()) {
                case BOOLEAN -> ((ColumnVector.Booleans) vector).values()[row];
                case INT -> ((ColumnVector.Ints) vector).values()[row];
                case LONG -> ((ColumnVector.Longs) vector).values()[row];
                case FLOAT, DOUBLE, BYTES -> throw misfit(vector);
            };
        }
    }

    /**
     * FLOAT, DOUBLE.
     *
     * @param value a FLOAT column's values are widened before they are compared
     */
    record OfDouble(double value) implements Literal {
        @Override
        public long test(ColumnVector vector, int from, int to, Outcomes outcomes) {
            long bits = 0;
            for (int i = from; i < to; i++) {
                bits |= (accepts(at(vector, i), outcomes) ? 1L : 0L) << i;
            }
            return bits;
        }

        private boolean accepts(double x, Outcomes o) {
            return x < value ? o.less() : x == value ? o.equal() : x > value ? o.greater() : o.unordered();
        }

        private static double at(ColumnVector vector, int row) {
            return vector instanceof ColumnVector.Floats f
                    ? f.values()[row]
                    : ((ColumnVector.Doubles) vector).values()[row];
        }

        @Override
        public boolean mayMatch(ColumnVector bounds, int minRow, int maxRow, Outcomes outcomes) {
            if (Double.isNaN(value)) {
                return outcomes.unordered();
            }
            double min = at(bounds, minRow);
            double max = at(bounds, maxRow);
            return (outcomes.less() && min < value)
                    || (outcomes.equal() && min <= value && max >= value)
                    || (outcomes.greater() && max > value);
        }
    }

    /**
     * Text and binary in unsigned order, wide decimals as 16 bytes of two's complement.
     *
     * @param value bytes
     * @param signed true for wide decimals
     */
    record OfBytes(byte[] value, boolean signed) implements Literal {
        @Override
        public long test(ColumnVector vector, int from, int to, Outcomes outcomes) {
            ColumnVector.Bytes v = (ColumnVector.Bytes) vector;
            long bits = 0;
            for (int i = from; i < to; i++) {
                bits |= (outcomes.accepts(order(v, i)) ? 1L : 0L) << i;
            }
            return bits;
        }

        /** Order of the value at a row against this literal. */
        int order(ColumnVector.Bytes v, int row) {
            int start = v.offsets()[row];
            if (signed && start < v.offsets()[row + 1] && v.data()[start] != value[0]) {
                return Byte.compare(v.data()[start], value[0]);
            }
            return Arrays.compareUnsigned(v.data(), start, v.offsets()[row + 1], value, 0, value.length);
        }

        @Override
        public boolean mayMatch(ColumnVector bounds, int minRow, int maxRow, Outcomes outcomes) {
            ColumnVector.Bytes b = (ColumnVector.Bytes) bounds;
            return outcomes.acceptsBetween(order(b, minRow), order(b, maxRow));
        }
    }

    private static IllegalArgumentException misfit(ColumnVector vector) {
        return new IllegalArgumentException("a whole number cannot be compared with " + vector.physical());
    }

    /** Several literals, ascending and distinct. */
    sealed interface Sorted {
        /** Bit i = the value at row {@code from + i} is among them; at most 64 rows. */
        long contains(ColumnVector vector, int from, int to);

        /** Whether one lies between two rows of a vector. */
        boolean mayContain(ColumnVector bounds, int minRow, int maxRow);

        /**
         * As {@link OfLong}.
         *
         * @param values ascending, distinct
         */
        record Longs(long[] values) implements Sorted {
            @Override
            public long contains(ColumnVector vector, int from, int to) {
                long bits = 0;
                for (int i = from; i < to; i++) {
                    bits |= (Arrays.binarySearch(values, OfLong.at(vector, i)) >= 0 ? 1L : 0L) << i;
                }
                return bits;
            }

            @Override
            public boolean mayContain(ColumnVector bounds, int minRow, int maxRow) {
                int at = Arrays.binarySearch(values, OfLong.at(bounds, minRow));
                int first = at >= 0 ? at : -at - 1;
                return first < values.length && values[first] <= OfLong.at(bounds, maxRow);
            }
        }

        /**
         * As {@link OfBytes}.
         *
         * @param values ascending, distinct
         */
        record Bytes(OfBytes[] values) implements Sorted {
            static final Comparator<OfBytes> ORDER = (a, b) -> {
                if (a.signed() && a.value()[0] != b.value()[0]) {
                    return Byte.compare(a.value()[0], b.value()[0]);
                }
                return Arrays.compareUnsigned(a.value(), b.value());
            };

            @Override
            public long contains(ColumnVector vector, int from, int to) {
                ColumnVector.Bytes v = (ColumnVector.Bytes) vector;
                long bits = 0;
                for (int i = from; i < to; i++) {
                    int first = firstNotBelow(v, i);
                    bits |= (first < values.length && values[first].order(v, i) == 0 ? 1L : 0L) << i;
                }
                return bits;
            }

            @Override
            public boolean mayContain(ColumnVector bounds, int minRow, int maxRow) {
                ColumnVector.Bytes b = (ColumnVector.Bytes) bounds;
                int first = firstNotBelow(b, minRow);
                return first < values.length && values[first].order(b, maxRow) >= 0;
            }

            private int firstNotBelow(ColumnVector.Bytes v, int row) {
                int lo = 0;
                int hi = values.length;
                while (lo < hi) {
                    int mid = (lo + hi) >>> 1;
                    if (values[mid].order(v, row) > 0) {
                        lo = mid + 1;
                    } else {
                        hi = mid;
                    }
                }
                return lo;
            }
        }
    }
}
