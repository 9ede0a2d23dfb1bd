package io.streamhouse.read.rows;

import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;

/**
 * Row ranges of one file without the positions that are masked. Arrays and bitmap are shared, not to be written.
 *
 * @param file the file, or what of its record reading needs ({@link #slim})
 * @param bounds pairs of first row (inclusive) and end row (exclusive), ascending, disjoint, not empty
 * @param hidden masked positions; others than those of the ranges may be in it
 */
public record FileRanges(DataFile file, int[] bounds, RoaringBitmap hidden) {
    public FileRanges {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(hidden, "hidden");
        int end = 0;
        for (int i = 0; i < bounds.length; i++) {
            boolean ok = (i & 1) == 0 ? bounds[i] >= end : bounds[i] > end;
            if (!ok || bounds[i] > file.rowCount()) {
                throw new IllegalArgumentException("ranges %s of %s with %d rows"
                        .formatted(Arrays.toString(bounds), file.object().path(), file.rowCount()));
            }
            end = bounds[i];
        }
        if ((bounds.length & 1) != 0) {
            throw new IllegalArgumentException("a range of " + file.object().path() + " has no end");
        }
    }

    public static FileRanges of(DataFile file, int firstRow, int endRow, RoaringBitmap hidden) {
        return new FileRanges(file, new int[] {firstRow, endRow}, hidden);
    }

    /** Rows that are not masked. */
    public long visibleRows() {
        long sum = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            sum += visibleRows(bounds[i], bounds[i + 1]);
        }
        return sum;
    }

    /** Rows in {@code [from, to)} that are not masked. */
    long visibleRows(int from, int to) {
        return to - from - hidden.rangeCardinality(from, to);
    }

    /** A copy whose mask holds the positions of the ranges only. */
    public FileRanges trimmed() {
        RoaringBitmap own = new RoaringBitmap();
        for (int i = 0; i < bounds.length; i += 2) {
            RoaringBitmap range = RoaringBitmap.bitmapOfRange(bounds[i], bounds[i + 1]);
            range.and(hidden);
            own.or(range);
        }
        own.runOptimize();
        return new FileRanges(file, bounds, own);
    }

    /** The file's record without slices of other buckets and, if asked, without statistics: what a split carries. */
    public static DataFile slim(DataFile file, boolean keepStats) {
        List<Slice> slices = file.rowCount() == 0
                ? List.of()
                : List.of(new Slice(Partition.NONE, 1, 0, 0, file.rowCount(), Slice.KeyRange.NONE));
        List<ColumnStats> stats = keepStats ? file.stats() : List.of();
        return new DataFile(file.object(), file.origin(), file.rowCount(), slices, file.rowGroups(), stats);
    }
}
