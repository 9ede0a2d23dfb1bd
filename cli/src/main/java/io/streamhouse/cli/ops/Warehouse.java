package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.sql.WarehouseCatalog;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A warehouse that an operator looks into; it must be there already. The creator closes it. */
public final class Warehouse implements AutoCloseable {
    /** Where a table stands whose name names no database. */
    private static final String DEFAULT_DATABASE = "default";

    private final Catalog catalog;

    private Warehouse(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Opens a warehouse as the user names it, a path or a URI.
     *
     * @throws UsageException if it is neither, or a local directory that does not exist
     */
    public static Warehouse open(String text) {
        URI root = WarehouseCatalog.parse(text).warehouse();
        Catalog catalog = Catalogs.open(root, Map.of());
        Path directory = Path.of(root);
        if (!Files.isDirectory(directory)) {
            // an empty list would hide a typing error
            throw new UsageException("warehouse %s %s"
                    .formatted(directory, Files.exists(directory) ? "is no directory" : "does not exist"));
        }
        return new Warehouse(catalog);
    }

    /** Opens {@code database.table}, or a table of the database {@code default}; {@code TABLE_NOT_FOUND}. */
    public Table table(String name) throws IOException {
        return catalog.table(nameOf(name));
    }

    static TableName nameOf(String text) {
        return text.indexOf('.') < 0 ? TableName.of(DEFAULT_DATABASE, text) : TableName.parse(text);
    }

    Table table(TableName name) throws IOException {
        return catalog.table(name);
    }

    /** Names of all tables, or those of one database, ascending; {@code DATABASE_NOT_FOUND}. */
    List<TableName> tables(Optional<String> database) throws IOException {
        List<TableName> names = new ArrayList<>();
        List<String> databases = database.isPresent() ? List.of(database.get()) : catalog.databases();
        for (String each : databases) {
            try {
                catalog.tables(each).forEach(table -> names.add(TableName.of(each, table)));
            } catch (StreamhouseException e) {
                if (database.isPresent() || e.code() != ErrorCode.DATABASE_NOT_FOUND) {
                    throw e;
                } // else dropped since it was listed
            }
        }
        return names;
    }

    @Override
    public void close() throws IOException {
        catalog.close();
    }
}
