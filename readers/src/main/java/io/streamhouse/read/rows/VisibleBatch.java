package io.streamhouse.read.rows;

import io.streamhouse.spec.column.ColumnBatch;

/**
 * Passing rows of some consecutive rows of a file. Arrays are shared, not to be written.
 *
 * @param rows the wanted columns, its selected rows are those that are visible and pass the filter; at least one
 * @param passing the same rows as numbers in the consecutive ones, ascending
 * @param visible bit per consecutive row: not masked
 * @param visibleBefore visible rows of the source before these
 * @param firstRow position in the file of the first consecutive row
 */
public record VisibleBatch(ColumnBatch rows, int[] passing, long[] visible, long visibleBefore, int firstRow) {
    /** Per passing row its position in the file, ascending. */
    public int[] filePositions() {
        int[] out = new int[passing.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = firstRow + passing[i];
        }
        return out;
    }

    /** Per passing row the visible rows of the source up to and with it. */
    public long[] consumed() {
        long[] out = new long[passing.length];
        long before = visibleBefore;
        int word = 0;
        for (int i = 0; i < out.length; i++) {
            int row = passing[i];
            for (; word < row >>> 6; word++) {
                before += Long.bitCount(visible[word]);
            }
            long upTo = -1L >>> (63 - (row & 63));
            out[i] = before + Long.bitCount(visible[word] & upTo);
        }
        return out;
    }
}
