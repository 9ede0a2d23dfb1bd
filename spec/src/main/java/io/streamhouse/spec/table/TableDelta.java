package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;

/**
 * What one writer adds at one barrier.
 *
 * <p>Keys are numbered: first the rows of {@code files} in order, then the keys of the delete block.
 *
 * @param writer index of the writer in its job
 * @param since oldest base that this writer consulted
 * @param schemaId schema of the rows
 * @param files new data files, {@code addedIn} still open
 * @param keyless true for a table without key: no delete keys, and nothing found but by UPDATE and DELETE, whose found
 *     positions are those that its rows replace, then those that go
 * @param counts as seen from the base
 * @param deletes encoded {@link DeleteBlock}
 * @param found encoded {@link FoundPositions} of all keys
 */
public record TableDelta(
        int writer,
        long since,
        int schemaId,
        List<DataFile> files,
        boolean keyless,
        DeltaCounts counts,
        BlockRef deletes,
        BlockRef found) {
    public TableDelta {
        files = List.copyOf(files);
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(deletes, "deletes");
        Objects.requireNonNull(found, "found");
    }
}
