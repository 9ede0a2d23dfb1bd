package io.streamhouse.cli;

import io.streamhouse.cli.ops.VectorExport;
import io.streamhouse.cli.ops.Warehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse vectors}: what of a snapshot's data files is superseded, as other engines read it. */
@Command(
        name = "vectors",
        description = {
            "Writes the superseded rows of a snapshot's data files as Iceberg deletion vectors into one Puffin file:",
            "the rows of the data files without those are the table. Prints where each vector stands."
        })
final class VectorsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Mixin
    private SnapshotOption snapshot;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The Puffin file, a new one.")
    private Path out;

    @Option(names = "--json", description = "Print one JSON object a vector.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Warehouse warehouse = options.open()) {
            new VectorExport(table.in(warehouse), spec.commandLine().getOut()).run(snapshot.id(), out, json);
            return ExitCode.OK;
        }
    }
}
