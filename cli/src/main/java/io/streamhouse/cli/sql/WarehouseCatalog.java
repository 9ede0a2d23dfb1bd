package io.streamhouse.cli.sql;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The catalog {@code streamhouse} over one warehouse, as SQL.
 *
 * @param warehouse root of the warehouse
 */
public record WarehouseCatalog(URI warehouse) {
    /** Name of the catalog in every session that the command line opens. */
    public static final String NAME = "streamhouse";

    /** Reads a path or a URI as a user types it; a path is taken from the current directory. */
    public static WarehouseCatalog parse(String text) {
        boolean hasScheme = text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
        return new WarehouseCatalog(
                hasScheme
                        ? URI.create(text)
                        : Path.of(text).toAbsolutePath().normalize().toUri());
    }

    /** The statements that make the catalog and its database {@code default} current. */
    public List<String> statements() {
        String create = "CREATE CATALOG %s WITH ('type' = 'streamhouse', 'warehouse' = '%s')"
                .formatted(NAME, warehouse.toString().replace("'", "''"));
        return List.of(create, "USE CATALOG " + NAME);
    }
}
