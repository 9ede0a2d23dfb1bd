package io.streamhouse.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What commands know about stores that need more than a URI. */
final class StoreOptions {
    @Option(
            names = "--option",
            paramLabel = "KEY=VALUE",
            description = {
                "Option of the catalog, as in CREATE CATALOG … WITH; may be repeated.",
                "Others on this machine see it: secrets are better in the environment (docs/stores.md)."
            })
    private Map<String, String> options = new LinkedHashMap<>();

    Map<String, String> get() {
        return options;
    }
}
