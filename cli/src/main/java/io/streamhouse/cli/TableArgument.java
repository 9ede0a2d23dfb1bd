package io.streamhouse.cli;

import io.streamhouse.catalog.Table;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/** What all commands know that are about one table. */
final class TableArgument {
    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "DATABASE.TABLE, or a table of the database 'default'.")
    private String table;

    String name() {
        return table;
    }

    Table in(Warehouse warehouse) throws IOException {
        return warehouse.table(table);
    }
}
