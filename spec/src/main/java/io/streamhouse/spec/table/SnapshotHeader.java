package io.streamhouse.spec.table;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Place of a snapshot in the chain.
 *
 * @param id from 1, dense
 * @param parentId {@code id - 1}
 * @param parentCrc CRC-32C of the parent's first line; 0 for the first snapshot
 * @param commitUuid identity of this publication, compared on read-back
 * @param kind what published it
 * @param schemaId schema of the table at this snapshot
 * @param timeMillis commit time in milliseconds since the epoch, never before the parent's
 * @param table identity of the table, that of its schemas; empty in tables that are older than this field
 */
public record SnapshotHeader(
        long id,
        long parentId,
        int parentCrc,
        UUID commitUuid,
        SnapshotKind kind,
        int schemaId,
        long timeMillis,
        Optional<UUID> table) {
    public SnapshotHeader {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(commitUuid, "commitUuid");
        Objects.requireNonNull(kind, "kind");
        if (id < 1 || parentId != id - 1) {
            throw new IllegalArgumentException("snapshot %d with parent %d".formatted(id, parentId));
        }
    }
}
