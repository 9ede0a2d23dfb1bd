package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Where a compaction put each row: the rows of an input that were visible at its base follow one another in the outputs
 * in their old order, so the input that each output row came from says everything.
 *
 * @param inputs at most {@link #MAX_INPUTS}
 * @param outputs in row order; their rows are numbered through from 0
 * @param inputOf per output row the ordinal of its input, unsigned; shared, not to be written
 */
public record PositionMap(List<Input> inputs, List<Output> outputs, byte[] inputOf) {
    /** Inputs that an unsigned byte can tell apart. */
    public static final int MAX_INPUTS = 256;

    public PositionMap {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        if (inputs.size() > MAX_INPUTS) {
            throw new IllegalArgumentException(
                    "position map of %d inputs, at most %d".formatted(inputs.size(), MAX_INPUTS));
        }
        long rows = 0;
        for (Output o : outputs) {
            rows += o.rowCount();
        }
        if (rows != inputOf.length) {
            throw new IllegalArgumentException(
                    "position map of %d rows, its outputs hold %d".formatted(inputOf.length, rows));
        }
        long[] counts = new long[inputs.size()];
        for (byte b : inputOf) {
            int input = b & 0xff;
            if (input >= counts.length) {
                throw new IllegalArgumentException("row of input %d of %d".formatted(input, counts.length));
            }
            counts[input]++;
        }
        for (int i = 0; i < counts.length; i++) {
            Input in = inputs.get(i);
            if (counts[i] != in.rowCount() - in.masked().length) {
                throw new IllegalArgumentException("%d rows of %s, which had %d and %d masked"
                        .formatted(counts[i], in.file(), in.rowCount(), in.masked().length));
            }
        }
    }

    /**
     * A file that was compacted.
     *
     * @param file its id
     * @param addedIn of its entry when it was read; a precondition of the commit
     * @param rowCount rows, masked ones too
     * @param masked positions masked at the base, ascending; shared, not to be written
     */
    public record Input(UUID file, long addedIn, int rowCount, int[] masked) {
        public Input {
            Objects.requireNonNull(file, "file");
            if (masked.length > rowCount || masked.length > 0 && masked[masked.length - 1] >= rowCount) {
                throw new IllegalArgumentException(
                        "%d masked positions of %s, which has %d rows".formatted(masked.length, file, rowCount));
            }
        }
    }

    /**
     * A file that came of it.
     *
     * @param file its id
     * @param rowCount rows
     */
    public record Output(UUID file, int rowCount) {
        public Output {
            Objects.requireNonNull(file, "file");
        }
    }
}
