package io.streamhouse.flink.table;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.Map;
import java.util.UUID;

/**
 * Where a table is; plain values, because plans are shipped.
 *
 * @param warehouse root of the warehouse, a URI
 * @param storeOptions options of the catalog that reach the store
 * @param database database name
 * @param table table name
 * @param identity {@link Table#identity} that the statement was planned for; empty for whatever stands under the name
 */
public record TableAddress(
        String warehouse, Map<String, String> storeOptions, String database, String table, String identity)
        implements Serializable {
    private static final long serialVersionUID = 2L;

    public TableAddress {
        storeOptions = Map.copyOf(storeOptions);
    }

    public TableName name() {
        return TableName.of(database, table);
    }

    /** The same for this very table. */
    public TableAddress of(Table planned) {
        return new TableAddress(warehouse, storeOptions, database, table, text(planned));
    }

    private static String text(Table table) {
        return table.identity().map(UUID::toString).orElse("");
    }

    /**
     * Opens the table for a task, with a catalog of its own; the caller closes it. One that was made anew since the statement was
     * planned is {@code TABLE_NOT_FOUND}: files and deltas of the old one would be published into it.
     */
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
            Table found = catalog.table(name());
            if (!identity.isEmpty() && !identity.equals(text(found))) {
                throw new StreamhouseException(
                        ErrorCode.TABLE_NOT_FOUND,
                        "table '%s' was dropped and made anew since the statement was planned".formatted(name()));
            }
            return new OpenTable(catalog, found);
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
