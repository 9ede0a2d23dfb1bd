package io.streamhouse.cli;

import io.streamhouse.cli.ops.CompactionRun;
import io.streamhouse.cli.ops.Progress;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse compact}: the compactor beside the jobs. */
@Command(
        name = "compact",
        description = {
            "Merges small files and files with much garbage, beside running jobs; no row changes.",
            "Every merge is checked row by row before it is published; the rest is left to others that are faster."
        })
final class CompactCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Option(names = "--json", description = "Print the report as a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Warehouse warehouse = options.open()) {
            Progress progress = Progress.of(spec.commandLine().getErr());
            new CompactionRun(table.in(warehouse), progress, spec.commandLine().getOut()).run(json);
            return ExitCode.OK;
        }
    }
}
