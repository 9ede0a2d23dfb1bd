package io.streamhouse.flink.table;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.Map;

/**
 * Where a table is; plain values, because plans are shipped.
 *
 * @param warehouse root of the warehouse, a URI
 * @param storeOptions options of the catalog that reach the store
 * @param database database name
 * @param table table name
 */
public record TableAddress(String warehouse, Map<String, String> storeOptions, String database, String table)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public TableAddress {
        storeOptions = Map.copyOf(storeOptions);
    }

    public TableName name() {
        return TableName.of(database, table);
    }

    /** Opens the table for a task, with a catalog of its own; the caller closes it. */
    public OpenTable open() throws IOException {
        try {
            return openAny();
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    private OpenTable openAny() throws IOException {
        Catalog catalog = Catalogs.open(URI.create(warehouse), storeOptions);
        try {
            return new OpenTable(catalog, catalog.table(name()));
        } catch (IOException | RuntimeException e) {
            try {
                catalog.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
