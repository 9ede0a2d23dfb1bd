package io.streamhouse.read.rows;

import java.util.Arrays;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** Sets of rows of one batch: bit per row. */
final class BitRows {
    private BitRows() {}

    /** All of {@code rows} rows but those whose position {@code start + row} is in the bitmap. */
    static long[] allBut(RoaringBitmap hidden, int start, int rows) {
        long[] out = all(rows);
        if (!hidden.isEmpty()) {
            PeekableIntIterator positions = hidden.getIntIterator();
            positions.advanceIfNeeded(start);
            while (positions.hasNext() && positions.peekNext() < start + rows) {
                int row = positions.next() - start;
                out[row >>> 6] &= ~(1L << row);
            }
        }
        return out;
    }

    static long[] all(int rows) {
        long[] out = new long[(rows + 63) >>> 6];
        Arrays.fill(out, -1L);
        if ((rows & 63) != 0) {
            out[out.length - 1] = -1L >>> -rows;
        }
        return out;
    }

    static int count(long[] bits) {
        int sum = 0;
        for (long word : bits) {
            sum += Long.bitCount(word);
        }
        return sum;
    }

    /** The rows, ascending. */
    static int[] rows(long[] bits) {
        int[] out = new int[count(bits)];
        int n = 0;
        for (int w = 0; w < bits.length; w++) {
            for (long word = bits[w]; word != 0; word &= word - 1) {
                out[n++] = (w << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return out;
    }

    /** {@code bits} without {@code taken}. */
    static long[] minus(long[] bits, long[] taken) {
        long[] out = bits.clone();
        for (int w = 0; w < out.length; w++) {
            out[w] &= ~taken[w];
        }
        return out;
    }
}
