package io.streamhouse.cli;

import io.streamhouse.cli.ops.FileList;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse files}: what a snapshot consists of. */
@Command(
        name = "files",
        description = "Data files of a table: rows, rows still visible, bytes, buckets; and their sums.")
final class FilesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Mixin
    private SnapshotOption snapshot;

    @Option(names = "--json", description = "Print one JSON object a file.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Warehouse warehouse = options.open()) {
            new FileList(table.in(warehouse), spec.commandLine().getOut()).print(snapshot.id(), json);
            return ExitCode.OK;
        }
    }
}
