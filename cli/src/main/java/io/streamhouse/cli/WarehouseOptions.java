package io.streamhouse.cli;

import io.streamhouse.cli.ops.Warehouse;
import io.streamhouse.cli.sql.WarehouseCatalog;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands know that look into a warehouse. */
final class WarehouseOptions {
    @Option(
            names = "--warehouse",
            paramLabel = "URI",
            defaultValue = "warehouse",
            description = "Root of the warehouse, a path or a URI (default: ./${DEFAULT-VALUE}).")
    private String warehouse;

    @Mixin
    private HelpOption helpOption;

    @Mixin
    private StoreOptions storeOptions;

    WarehouseCatalog catalog() {
        return WarehouseCatalog.parse(warehouse, storeOptions.get());
    }

    Warehouse open() {
        return Warehouse.open(catalog());
    }
}
