package io.streamhouse.spec.table;

import java.util.Objects;
import java.util.UUID;

/**
 * Superseded positions of one file.
 *
 * @param file the file's id
 * @param positions ascending, distinct, at least one; shared, not to be written
 */
public record FileMask(UUID file, int[] positions) {
    public FileMask {
        Objects.requireNonNull(file, "file");
        if (positions.length == 0) {
            throw new IllegalArgumentException("empty mask of " + file);
        }
    }
}
