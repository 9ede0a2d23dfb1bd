package io.streamhouse.cli.sql;

import io.streamhouse.cli.failure.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
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

    /**
     * Reads a path or a URI as a user types it; a path is taken from the current directory.
     *
     * @throws UsageException if it is neither
     */
    public static WarehouseCatalog parse(String text) {
        boolean hasScheme = text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
        try {
            return new WarehouseCatalog(
                    hasScheme
                            ? new URI(text)
                            : Path.of(text).toAbsolutePath().normalize().toUri());
        } catch (URISyntaxException | InvalidPathException e) {
            throw new UsageException("warehouse '%s' is no path or URI: %s".formatted(text, e.getMessage()));
        }
    }

    /** The statements that make the catalog and its database {@code default} current. */
    public List<String> statements() {
        String create = "CREATE CATALOG %s WITH ('type' = 'streamhouse', 'warehouse' = '%s')"
                .formatted(NAME, warehouse.toString().replace("'", "''"));
        return List.of(create, "USE CATALOG " + NAME);
    }
}
