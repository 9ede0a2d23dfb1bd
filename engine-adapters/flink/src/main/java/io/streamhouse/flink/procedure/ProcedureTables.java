package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.exceptions.CatalogException;

/**
 * How procedures reach the tables of their catalog. Thread-safe.
 */
public final class ProcedureTables {
    private final Function<TableName, Table> open;
    private final Supplier<Catalog> catalogs;

    /** What a procedure does with a table. */
    @FunctionalInterface
    interface Work<T> {
        T on(Table table) throws IOException;
    }

    /**
     * @param open opens the newest state of a table
     * @param catalogs opens the warehouse once more
     */
    public ProcedureTables(Function<TableName, Table> open, Supplier<Catalog> catalogs) {
        this.open = Objects.requireNonNull(open);
        this.catalogs = Objects.requireNonNull(catalogs);
    }

    /**
     * Runs a procedure's work on a table; errors keep their code in the message.
     *
     * @param name {@code database.table}
     */
    <T> T with(String name, Work<T> work) {
        return translated(name, table -> work.on(open.apply(table)));
    }

    /** The same with a catalog of its own, which remembers nothing of what this one has read. */
    <T> T withAnew(String name, Work<T> work) {
        return translated(name, table -> {
            try (Catalog catalog = catalogs.get()) {
                return work.on(catalog.table(table));
            }
        });
    }

    /** Flink tells a procedure neither the current database nor the name of its own catalog. */
    private static TableName parsed(String name) {
        if (name.chars().filter(c -> c == '.').count() == 1) {
            return TableName.parse(name);
        }
        String meant = name.substring(name.lastIndexOf('.') + 1);
        throw new StreamhouseException(
                ErrorCode.BAD_NAME,
                ("'%s' does not say which table: write '%s', with the database and without the catalog; a procedure is not told"
                                + " the session's current database")
                        .formatted(TableName.printable(name), "db." + TableName.printable(meant)));
    }

    private interface NamedWork<T> {
        T on(TableName table) throws IOException;
    }

    private static <T> T translated(String name, NamedWork<T> work) {
        if (name == null) {
            throw new ValidationException(ErrorCode.BAD_NAME + ": the table is NULL; write 'db.table'");
        }
        try {
            return work.on(parsed(name));
        } catch (StreamhouseException e) {
            throw new ValidationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CatalogException(e.getMessage(), e);
        }
    }
}
