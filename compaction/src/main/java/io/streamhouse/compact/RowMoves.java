package io.streamhouse.compact;

import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.PositionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * Where a compaction put the rows of its inputs: positions of inputs become positions of outputs by rank and select over
 * the map, with the ranks at every {@value #BLOCK}-th row at hand. One thread.
 */
final class RowMoves {
    private static final int BLOCK = 4096;

    private final PositionMap map;
    private final int inputs;
    /** Rows of input i before block b stand at {@code b * inputs + i}. */
    private final int[] ranks;

    private final int[] outputStarts;

    RowMoves(PositionMap map) {
        this.map = map;
        this.inputs = map.inputs().size();
        byte[] rows = map.inputOf();
        int blocks = (rows.length + BLOCK - 1) / BLOCK;
        this.ranks = new int[Math.multiplyExact(blocks + 1, inputs)];
        int[] counts = new int[inputs];
        for (int b = 0; b < blocks; b++) {
            System.arraycopy(counts, 0, ranks, b * inputs, inputs);
            int end = Math.min(rows.length, (b + 1) * BLOCK);
            for (int r = b * BLOCK; r < end; r++) {
                counts[rows[r] & 0xff]++;
            }
        }
        System.arraycopy(counts, 0, ranks, blocks * inputs, inputs);
        this.outputStarts = new int[map.outputs().size() + 1];
        for (int o = 0; o < map.outputs().size(); o++) {
            outputStarts[o + 1] = outputStarts[o] + map.outputs().get(o).rowCount();
        }
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
        int[] masked = map.inputs().get(input).masked();
        byte[] rows = map.inputOf();
        int before = 0;
        int row = 0;
        int rank = 0;
        for (int position : positions) {
            while (before < masked.length && masked[before] < position) {
                before++;
            }
            if (before < masked.length && masked[before] == position) {
                throw new IllegalArgumentException("position %d of %s was masked before"
                        .formatted(position, map.inputs().get(input).file()));
            }
            int wanted = position - before;
            int block = blockOf(input, wanted);
            if (block * BLOCK > row) {
                row = block * BLOCK;
                rank = ranks[block * inputs + input];
            }
            while (rank <= wanted) {
                rank += (rows[row++] & 0xff) == input ? 1 : 0;
            }
            mask(row - 1, masks);
        }
    }

    /** The last block that begins with at most {@code rank} rows of the input before it. */
    private int blockOf(int input, int rank) {
        int low = 0;
        int high = ranks.length / inputs - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (ranks[middle * inputs + input] <= rank) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void mask(int row, RoaringBitmap[] masks) {
        int at = Arrays.binarySearch(outputStarts, row);
        int output = at >= 0 ? at : -at - 2;
        masks[output].add(row - outputStarts[output]);
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
