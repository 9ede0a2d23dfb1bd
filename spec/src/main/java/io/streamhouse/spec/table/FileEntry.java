package io.streamhouse.spec.table;

import java.util.Objects;

/**
 * A data file as a table's tree holds it.
 *
 * @param file the file
 * @param addedIn snapshot since which the entry stands as it stands; a ROLLBACK renews it
 * @param bornIn snapshot that first published the file
 * @param firstRowId first row id (Iceberg lineage)
 */
public record FileEntry(DataFile file, long addedIn, long bornIn, long firstRowId) {
    public FileEntry {
        Objects.requireNonNull(file, "file");
        if (bornIn > addedIn) {
            throw new IllegalArgumentException(
                    "%s was born in %d and added in %d".formatted(file.object().path(), bornIn, addedIn));
        }
    }
}
