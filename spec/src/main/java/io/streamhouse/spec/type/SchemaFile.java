package io.streamhouse.spec.type;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A schema as it stands in a table.
 *
 * @param schema the schema
 * @param table identity of the table, given when it was created and the same in all its schemas and snapshots; empty in
 *     tables that are older than this field
 */
public record SchemaFile(TableSchema schema, Optional<UUID> table) {
    public SchemaFile {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(table, "table");
    }
}
