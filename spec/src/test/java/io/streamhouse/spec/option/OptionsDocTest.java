package io.streamhouse.spec.option;

import io.streamhouse.spec.Regenerated;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OptionsDocTest {
    private static String document() {
        StringBuilder out = new StringBuilder("""
                # Options

                Generated from the registry `io.streamhouse.spec.option.Options`; a test compares the two. Names and values are
                Paimon's where the meaning is the same. Options stand in the `WITH` clause of a table or in an `OPTIONS` hint of
                one statement; a hint wins. Those of scope `catalog` stand in `CREATE CATALOG … WITH` or after `--option`; values
                of secrets are in no message, no log and no file. Unknown keys are refused with the nearest known one, reserved
                ones with "not available yet".

                | key | scope | type | allowed | default | meaning |
                |---|---|---|---|---|---|
                """);
        for (Option<?> o : Options.all()) {
            if (o.isAvailable()) {
                out.append("| `%s` | %s | %s | %s | %s | %s |\n"
                        .formatted(
                                o.key(),
                                OptionType.nameOf(o.scope()),
                                o.typeName(),
                                o.allowed().replace("|", "\\|"),
                                o.defaultText().isEmpty() ? "" : "`" + o.defaultText() + "`",
                                o.description()));
            }
        }
        out.append("\nReserved, not available yet:\n\n| key | scope | meaning |\n|---|---|---|\n");
        for (Option<?> o : Options.all()) {
            if (!o.isAvailable()) {
                out.append("| `%s` | %s | %s |\n".formatted(o.key(), OptionType.nameOf(o.scope()), o.description()));
            }
        }
        return out.append("\n%d keys; at most %d are allowed.\n"
                        .formatted(Options.all().size(), Options.MAX_COUNT))
                .toString();
    }

    @Test
    void theDocumentIsTheRegistry() throws IOException {
        Regenerated.check(Regenerated.file("../docs/options.md"), document().getBytes(StandardCharsets.UTF_8));
    }
}
