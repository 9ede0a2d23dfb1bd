package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.MetadataCache;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A table in a store that is scoped to it. */
final class StoredTable implements Table {
    private final TableName name;
    private final TableSchema schema;
    private final TableIdentity identity;
    private final Components components;
    private final SnapshotChain snapshots;
    private final Leases leases;
    private final SnapshotExpiry expiry;
    private final Map<Integer, TableSchema> schemas = new ConcurrentHashMap<>();

    StoredTable(
            TableName name,
            SchemaFile file,
            Components scoped,
            MetadataCache cache,
            Protections protections,
            SnapshotDecoder decoder) {
        this.name = name;
        this.schema = file.schema();
        this.identity = TableIdentity.of(file);
        this.components = scoped;
        this.snapshots = new SnapshotChain(name.toString(), identity, scoped, cache, protections, decoder);
        this.leases = snapshots.leases();
        SnapshotRetention retention = SnapshotRetention.parse(schema.options());
        this.expiry = snapshots.expiry(leases, retention, protections);
        schemas.put(schema.id(), schema);
    }

    @Override
    public TableName name() {
        return name;
    }

    @Override
    public Optional<UUID> identity() {
        return identity.table();
    }

    @Override
    public String uri() {
        return components.store().uri();
    }

    @Override
    public TableSchema schema() {
        return schema;
    }

    @Override
    public TableSchema schema(int id) throws IOException {
        TableSchema known = schemas.get(id);
        if (known == null) {
            SchemaFile file = new SchemaFiles(components.store()).read(id);
            identity.requireSchema(file);
            known = file.schema();
            schemas.put(id, known);
        }
        return known;
    }

    @Override
    public SnapshotChain snapshots() {
        return snapshots;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public SnapshotExpiry expiry() {
        return expiry;
    }

    @Override
    public Components components() {
        return components;
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
