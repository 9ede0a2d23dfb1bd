package io.streamhouse.read.filter;

import io.streamhouse.spec.column.ColumnVector;

/**
 * What is known of a column's values in some rows, without reading them.
 *
 * @param mayBeNull whether a NULL is possible
 * @param mayBeValue whether anything else is
 * @param bounds vector of the column's physical type with a lower and an upper bound, both inclusive and without NaN
 *     between; null if there are none
 * @param minRow row of the lower bound
 * @param maxRow row of the upper bound
 */
public record ValueRange(boolean mayBeNull, boolean mayBeValue, ColumnVector bounds, int minRow, int maxRow) {
    /** Nothing is known. */
    public static final ValueRange UNKNOWN = new ValueRange(true, true, null, 0, 0);

    /** Only NULLs: a column that was added later. */
    public static final ValueRange NULLS = new ValueRange(true, false, null, 0, 0);

    /** The one value, or NULL, at a row of a vector. */
    public static ValueRange constant(ColumnVector vector, int row) {
        return vector.isNull(row) ? NULLS : new ValueRange(false, true, vector, row, row);
    }

    /** Values between the first and the second row of a vector. */
    public static ValueRange between(boolean mayBeNull, ColumnVector bounds) {
        return new ValueRange(mayBeNull, true, bounds, 0, 1);
    }
}
