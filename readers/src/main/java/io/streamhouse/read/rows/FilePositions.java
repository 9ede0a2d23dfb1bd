package io.streamhouse.read.rows;

import io.streamhouse.spec.table.DataFile;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;

/**
 * Single rows of one slice. The array is shared, not to be written.
 *
 * @param file the file, or what of its record reading needs
 * @param positions ascending, distinct, at least one; of one slice, so their keys ascend
 */
public record FilePositions(DataFile file, int[] positions) {
    public FilePositions {
        Objects.requireNonNull(file, "file");
        if (positions.length == 0) {
            throw new IllegalArgumentException(
                    "no positions in " + file.object().path());
        }
    }

    /** The same rows as a range from the first to the last one with all others hidden. */
    public FileRanges ranges() {
        int end = positions[positions.length - 1] + 1;
        RoaringBitmap hidden = RoaringBitmap.bitmapOfRange(positions[0], end);
        hidden.andNot(RoaringBitmap.bitmapOf(positions));
        return FileRanges.of(file, positions[0], end, hidden);
    }
}
