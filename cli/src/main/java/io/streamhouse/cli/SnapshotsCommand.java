package io.streamhouse.cli;

import io.streamhouse.cli.ops.SnapshotList;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse snapshots}: the history of a table. */
@Command(name = "snapshots", description = "Snapshots of a table: who committed what and when.")
final class SnapshotsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "The newest N (default: ${DEFAULT-VALUE}).")
    private int last;

    @Option(names = "--json", description = "Print one JSON object a snapshot.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (last < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--last': %d is below 1".formatted(last));
        }
        try (Warehouse warehouse = options.open()) {
            new SnapshotList(table.in(warehouse), spec.commandLine().getOut()).print(last, json);
            return ExitCode.OK;
        }
    }
}
