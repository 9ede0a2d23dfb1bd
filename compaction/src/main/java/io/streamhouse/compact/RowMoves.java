package io.streamhouse.compact;

import io.streamhouse.lake.MovedPositions;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.PositionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/** Masks of a compaction's inputs become masks of its outputs. One thread. */
final class RowMoves {
    private final PositionMap map;
    private final MovedPositions moved;

    RowMoves(PositionMap map) {
        this.map = map;
        this.moved = MovedPositions.of(map);
    }

    /** A set of positions for each output, empty at first. */
    RoaringBitmap[] noMasks() {
        RoaringBitmap[] out = new RoaringBitmap[map.outputs().size()];
        Arrays.setAll(out, o -> new RoaringBitmap());
        return out;
    }

    /**
     * Adds where positions of an input went.
     *
     * @param positions ascending, none of them masked at the base
     * @param masks by output ordinal, added to
     */
    void move(int input, int[] positions, RoaringBitmap[] masks) {
        UUID file = map.inputs().get(input).file();
        int[] rows = moved.outputRows(file, positions);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0) {
                throw new IllegalArgumentException("position %d of %s was masked before".formatted(positions[i], file));
            }
            masks[moved.output(rows[i])].add(moved.position(rows[i]));
        }
    }

    /** The sets that are not empty, as masks. */
    List<FileMask> masks(RoaringBitmap[] sets) {
        List<FileMask> out = new ArrayList<>();
        for (int o = 0; o < sets.length; o++) {
            if (!sets[o].isEmpty()) {
                out.add(new FileMask(map.outputs().get(o).file(), sets[o].toArray()));
            }
        }
        return out;
    }
}
