package io.streamhouse.columnar;

/**
 * Values of one column between two page cuts, nulls squeezed out.
 *
 * @param rows rows
 * @param nulls bit per row, 1 = null; null if all are present
 * @param count present values
 * @param numbers count entries: the number, the raw bits of a FLOAT (int) or DOUBLE, 0 or 1 of a BOOLEAN; null for byte
 *     strings
 * @param data byte strings, end to end; null for numbers
 * @param offsets count + 1 entries from 0; null for numbers
 */
record PageValues(int rows, long[] nulls, int count, long[] numbers, byte[] data, int[] offsets) {
    int nullCount() {
        return rows - count;
    }

    /** Bytes of the byte strings. */
    int dataBytes() {
        return offsets[count];
    }
}
