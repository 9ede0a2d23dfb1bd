package io.streamhouse.cli;

import io.streamhouse.cli.failure.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    private List<String> options = new ArrayList<>();

    /** Keys and values; an argument that is none is not repeated, it may be a secret. */
    Map<String, String> get() {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (String option : options) {
            int end = option.indexOf('=');
            if (end < 1) {
                throw new UsageException("'--option' takes KEY=VALUE without blanks around '='");
            }
            byKey.put(option.substring(0, end), option.substring(end + 1));
        }
        return byKey;
    }
}
