package io.streamhouse.spec.table;

import java.util.Objects;

/**
 * A mask segment as a snapshot names it.
 *
 * @param fromSnapshot first snapshot covered, inclusive
 * @param toSnapshot last snapshot covered, inclusive
 * @param files touched files
 * @param positions masked positions
 * @param block the encoded segment, inline or an object of its own
 */
public record SegmentRef(long fromSnapshot, long toSnapshot, int files, long positions, BlockRef block) {
    public SegmentRef {
        Objects.requireNonNull(block, "block");
    }
}
