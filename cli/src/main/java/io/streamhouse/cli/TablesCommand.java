package io.streamhouse.cli;

import io.streamhouse.cli.ops.TableList;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse tables}: what a warehouse holds. */
@Command(name = "tables", description = "Tables of a warehouse: rows, files, bytes, garbage, snapshots, keys.")
final class TablesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "DATABASE", description = "Only the tables of this database.")
    private String database;

    @Option(names = "--json", description = "Print one JSON object a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Warehouse warehouse = options.open()) {
            TableList list = new TableList(
                    warehouse, spec.commandLine().getOut(), spec.commandLine().getErr());
            return list.print(Optional.ofNullable(database), json) ? ExitCode.OK : ExitCode.FAILURE;
        }
    }
}
