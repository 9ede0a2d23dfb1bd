package io.streamhouse.spec.table;

import java.util.List;

/**
 * A row group of a data file.
 *
 * @param rowCount rows
 * @param chunks locators in the order of the writing schema's columns
 */
public record RowGroup(int rowCount, List<ChunkLocator> chunks) {
    public RowGroup {
        chunks = List.copyOf(chunks);
    }
}
