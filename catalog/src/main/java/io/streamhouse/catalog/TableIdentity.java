package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.type.SchemaFile;
import java.util.Optional;
import java.util.UUID;

/**
 * Which table a schema belongs to, as the schema says that the table was opened with.
 *
 * @param table given when the table was created; empty in older tables
 * @param schemaId that schema
 * @see "spec/table.md, section Schemas"
 */
record TableIdentity(Optional<UUID> table, int schemaId) {
    static TableIdentity of(SchemaFile file) {
        return new TableIdentity(file.table(), file.schema().id());
    }

    /** Refuses another table's schema under this one's snapshots, and the other way round; older records say nothing. */
    void requireSnapshot(Optional<UUID> named, String path) {
        if (named.isPresent() && !named.equals(table)) {
            throw StreamhouseException.corrupt(
                    SchemaFiles.path(schemaId),
                    "it is of %s, %s of %s: one of them is another table's, or the table was made anew since it was opened"
                            .formatted(words(table), path, words(named)));
        }
    }

    /** Refuses a schema of another table beside the one that the table was opened with. */
    void requireSchema(SchemaFile file) {
        if (!file.table().equals(table)) {
            throw StreamhouseException.corrupt(
                    SchemaFiles.path(file.schema().id()),
                    "it is of %s, %s of %s".formatted(words(file.table()), SchemaFiles.path(schemaId), words(table)));
        }
    }

    private static String words(Optional<UUID> table) {
        return table.map(uuid -> "table " + uuid).orElse("a table without identity");
    }
}
