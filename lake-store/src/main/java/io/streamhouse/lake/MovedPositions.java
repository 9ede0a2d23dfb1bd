package io.streamhouse.lake;

import io.streamhouse.spec.table.PositionMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Where the rows of a compaction's inputs stand in its outputs: rank in the input, select in the map. Immutable.
 *
 * @see "spec/lake.md, section Position maps"
 */
public final class MovedPositions {
    /** Rows of an input from one whose place is remembered to the next, the others are counted from there. */
    private static final int MAX_STRIDE = 64;

    /** Rows of all inputs to be counted over at most, if the inputs are evenly mixed. */
    private static final int MAX_COUNTED = 4096;

    private final PositionMap map;
    private final int stride;
    private final Map<UUID, Integer> inputs = new HashMap<>();

    /** Per input the output row of every stride-th of its unmasked rows, from the first on. */
    private final int[][] samples;

    /** First row of each output. */
    private final int[] outputStarts;

    private MovedPositions(PositionMap map) {
        this.map = map;
        int n = map.inputs().size();
        this.stride = Math.min(MAX_STRIDE, Math.max(1, MAX_COUNTED / Math.max(1, n)));
        this.samples = new int[n][];
        for (int i = 0; i < n; i++) {
            PositionMap.Input in = map.inputs().get(i);
            inputs.put(in.file(), i);
            int kept = in.rowCount() - in.masked().length;
            samples[i] = new int[(kept + stride - 1) / stride];
        }
        int[] seen = new int[n];
        byte[] inputOf = map.inputOf();
        for (int row = 0; row < inputOf.length; row++) {
            int input = inputOf[row] & 0xff;
            if (seen[input] % stride == 0) {
                samples[input][seen[input] / stride] = row;
            }
            seen[input]++;
        }
        this.outputStarts = new int[map.outputs().size()];
        for (int i = 1; i < outputStarts.length; i++) {
            outputStarts[i] = outputStarts[i - 1] + map.outputs().get(i - 1).rowCount();
        }
    }

    public static MovedPositions of(PositionMap map) {
        return new MovedPositions(map);
    }

    /** Whether the file was compacted. */
    public boolean moved(UUID file) {
        return inputs.containsKey(file);
    }

    /**
     * Output row, numbered through all outputs, of a position of an input; -1 if it was masked at the compaction's base
     * and so was left behind.
     */
    public int outputRow(UUID file, int position) {
        return outputRows(file, new int[] {position})[0];
    }

    /**
     * Output rows of positions of an input, as {@link #outputRow} gives them.
     *
     * @param positions ascending
     */
    public int[] outputRows(UUID file, int[] positions) {
        int input = inputs.get(file);
        PositionMap.Input in = map.inputs().get(input);
        byte[] inputOf = map.inputOf();
        int[] out = new int[positions.length];
        int row = -1;
        int rank = -1;
        for (int i = 0; i < positions.length; i++) {
            int position = positions[i];
            if (position < 0 || position >= in.rowCount()) {
                throw new IllegalArgumentException(
                        "position %d of %s, which had %d rows".formatted(position, file, in.rowCount()));
            }
            int at = Arrays.binarySearch(in.masked(), position);
            if (at >= 0) {
                out[i] = -1;
                continue;
            }
            int wanted = position - (-at - 1);
            if (rank < 0 || wanted < rank || wanted / stride > rank / stride) {
                rank = wanted / stride * stride;
                row = samples[input][wanted / stride];
            }
            for (; rank < wanted; rank++) {
                do {
                    row++;
                } while ((inputOf[row] & 0xff) != input);
            }
            out[i] = row;
        }
        return out;
    }

    /** The output that holds an output row. */
    public UUID file(int outputRow) {
        return map.outputs().get(output(outputRow)).file();
    }

    /** Position of an output row in its file. */
    public int position(int outputRow) {
        return outputRow - outputStarts[output(outputRow)];
    }

    /** Ordinal of the output that holds an output row. */
    public int output(int row) {
        int at = Arrays.binarySearch(outputStarts, row);
        // outputs without rows begin where the next one does: the last of equal starts holds the row
        int output = at >= 0 ? at : -at - 2;
        while (output + 1 < outputStarts.length && outputStarts[output + 1] == outputStarts[output]) {
            output++;
        }
        return output;
    }
}
