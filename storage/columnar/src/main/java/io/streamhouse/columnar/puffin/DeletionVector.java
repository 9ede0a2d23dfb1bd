package io.streamhouse.columnar.puffin;

import java.util.Objects;

/**
 * All superseded positions of one data file, folded from its masks.
 *
 * @param dataFile the data file's path exactly as the manifest that refers to it spells it
 * @param positions ascending, distinct, at least one, none negative; shared, not to be written
 */
public record DeletionVector(String dataFile, int[] positions) {
    public DeletionVector {
        Objects.requireNonNull(dataFile, "dataFile");
        if (positions.length == 0 || positions[0] < 0) {
            throw new IllegalArgumentException("deletion vector of %s begins with no position".formatted(dataFile));
        }
        for (int i = 1; i < positions.length; i++) {
            if (positions[i] <= positions[i - 1]) {
                throw new IllegalArgumentException("deletion vector of %s: position %d follows %d"
                        .formatted(dataFile, positions[i], positions[i - 1]));
            }
        }
    }
}
