package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.sql.WarehouseCatalog;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.EditDistance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
     * Opens a warehouse.
     *
     * @throws UsageException if it is a local directory that does not exist
     */
    public static Warehouse open(WarehouseCatalog named) {
        Catalog catalog = Catalogs.open(named.warehouse(), named.storeOptions());
        if ("file".equalsIgnoreCase(named.warehouse().getScheme())) {
            requireDirectory(Path.of(named.warehouse()));
        }
        return new Warehouse(catalog);
    }

    // An empty list would hide a typing error. An object store has no directories: there a wrong bucket is an error.
    private static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UsageException("warehouse %s %s"
                    .formatted(
                            ShownUri.of(directory.toString()),
                            Files.exists(directory) ? "is no directory" : "does not exist"));
        }
    }

    /**
     * Opens {@code database.table}, or a table of the database {@code default}; {@code TABLE_NOT_FOUND} names the nearest
     * that there is.
     */
    public Table table(String name) throws IOException {
        TableName wanted = nameOf(name);
        try {
            return catalog.table(wanted);
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.TABLE_NOT_FOUND) {
                throw e;
            }
            // a right name in the wrong database is the usual error
            Optional<TableName> nearest = tables(Optional.empty()).stream()
                    .min(Comparator.comparingInt((TableName t) -> EditDistance.of(wanted.table(), t.table()))
                            .thenComparingInt(t -> EditDistance.of(wanted.database(), t.database()))
                            .thenComparing(TableName::toString));
            throw new StreamhouseException(
                    ErrorCode.TABLE_NOT_FOUND,
                    nearest.map(t -> "table '%s' does not exist, the nearest is '%s'".formatted(wanted, t))
                            .orElse("table '%s' does not exist, the warehouse has no tables".formatted(wanted)));
        }
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
        List<String> databases = catalog.databases();
        if (database.isPresent()) {
            String wanted = database.get();
            TableName.checkName("database", wanted);
            if (!databases.contains(wanted)) {
                throw databaseNotFound(wanted, databases);
            }
            databases = List.of(wanted);
        }
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

    private static StreamhouseException databaseNotFound(String wanted, List<String> databases) {
        Optional<String> nearest = databases.stream()
                .min(Comparator.comparingInt((String d) -> EditDistance.of(wanted, d))
                        .thenComparing(Comparator.naturalOrder()));
        return new StreamhouseException(
                ErrorCode.DATABASE_NOT_FOUND,
                nearest.map(d -> "database '%s' does not exist, the nearest is '%s'".formatted(wanted, d))
                        .orElse("database '%s' does not exist, the warehouse has none".formatted(wanted)));
    }

    @Override
    public void close() throws IOException {
        catalog.close();
    }
}
