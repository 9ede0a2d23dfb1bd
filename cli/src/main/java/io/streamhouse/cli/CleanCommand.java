package io.streamhouse.cli;

import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.ops.CleaningRun;
import io.streamhouse.cli.ops.Warehouse;
import io.streamhouse.spec.option.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse clean}: what nothing names goes. */
@Command(
        name = "clean",
        description = {
            "Deletes what no snapshot names and none will: files of writers that died, unfinished objects, ended leases.",
            "Deletes nothing if any metadata cannot be read."
        })
final class CleanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "7d",
            description =
                    "Least age, 1d or more (default: ${DEFAULT-VALUE}): a checkpoint may still name what is younger.")
    private String olderThan;

    @Option(
            names = "--force",
            description = "Allow less than 1d. Only where nothing has written to the table for that long.")
    private boolean force;

    @Option(names = "--dry-run", description = "Only say what would go.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the report as a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Duration age = age();
        try (Warehouse warehouse = options.open()) {
            new CleaningRun(table.in(warehouse), spec.commandLine().getOut()).run(age, force, dryRun, json);
            return ExitCode.OK;
        }
    }

    private Duration age() {
        try {
            return DurationText.parse(olderThan);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--older-than: " + e.getMessage());
        }
    }
}
