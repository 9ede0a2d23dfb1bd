package io.streamhouse.cli;

import io.streamhouse.cli.ops.ExpiryRun;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse expire}: old snapshots go. */
@Command(
        name = "expire",
        description = {
            "Lets snapshots go that the options snapshot.* and the leases of readers do not keep.",
            "What only they name is deleted by a run that comes more than a minute later."
        })
final class ExpireCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Option(names = "--dry-run", description = "Only say what would go.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the report as a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Warehouse warehouse = options.open()) {
            new ExpiryRun(table.in(warehouse), spec.commandLine().getOut()).run(dryRun, json);
            return ExitCode.OK;
        }
    }
}
