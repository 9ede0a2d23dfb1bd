package io.streamhouse.cli;

import io.streamhouse.cli.ops.Warehouse;
import picocli.CommandLine.Option;

/** What all commands know that look into a warehouse. */
final class WarehouseOptions {
    @Option(
            names = "--warehouse",
            paramLabel = "URI",
            defaultValue = "warehouse",
            description = "Root of the warehouse, a path or a URI (default: ./${DEFAULT-VALUE}).")
    private String warehouse;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** As the user typed it. */
    String text() {
        return warehouse;
    }

    Warehouse open() {
        return Warehouse.open(warehouse);
    }
}
