package io.streamhouse.spec.table;

import java.util.List;

/**
 * The masks that the commits of a range of snapshots set.
 *
 * @param fromSnapshot first snapshot of the range, inclusive
 * @param toSnapshot last snapshot of the range, inclusive
 * @param masks one per touched file, ascending by file id (as two unsigned longs)
 */
public record MaskSegment(long fromSnapshot, long toSnapshot, List<FileMask> masks) {
    public MaskSegment {
        masks = List.copyOf(masks);
        if (fromSnapshot > toSnapshot) {
            throw new IllegalArgumentException("mask segment of (%d, %d]".formatted(fromSnapshot, toSnapshot));
        }
    }

    /** Masked positions in all. */
    public long positionCount() {
        long sum = 0;
        for (FileMask m : masks) {
            sum += m.positions().length;
        }
        return sum;
    }
}
