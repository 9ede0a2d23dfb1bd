package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.exceptions.CatalogException;

/**
 * How procedures reach the tables of their catalog. Thread-safe.
 */
public final class ProcedureTables {
    private final Function<TableName, Table> open;

    /** What a procedure does with a table. */
    @FunctionalInterface
    interface Work<T> {
        T on(Table table) throws IOException;
    }

    /** @param open opens the newest state of a table */
    public ProcedureTables(Function<TableName, Table> open) {
        this.open = Objects.requireNonNull(open);
    }

    /**
     * Runs a procedure's work on a table; errors keep their code in the message.
     *
     * @param name {@code database.table}
     */
    <T> T with(String name, Work<T> work) {
        if (name == null) {
            throw new ValidationException(ErrorCode.BAD_NAME + ": the table is NULL; write 'database.table'");
        }
        try {
            return work.on(open.apply(TableName.parse(name)));
        } catch (StreamhouseException e) {
            throw new ValidationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CatalogException(e.getMessage(), e);
        }
    }
}
