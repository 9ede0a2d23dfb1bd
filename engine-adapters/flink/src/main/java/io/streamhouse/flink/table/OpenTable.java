package io.streamhouse.flink.table;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Table;
import java.io.IOException;
import java.util.Objects;

/**
 * A table that a task opened, with the catalog that it closes.
 *
 * @param catalog owned
 * @param table the table
 */
public record OpenTable(Catalog catalog, Table table) implements AutoCloseable {
    public OpenTable {
        Objects.requireNonNull(catalog, "catalog");
        Objects.requireNonNull(table, "table");
    }

    @Override
    public void close() throws IOException {
        catalog.close();
    }
}
