package io.streamhouse.cli;

import io.streamhouse.cli.ops.Progress;
import io.streamhouse.cli.ops.Verification;
import io.streamhouse.cli.ops.Warehouse;
import io.streamhouse.read.verify.VerifyScope;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse verify}: a table is proved, or what is wrong is named. */
@Command(
        name = "verify",
        description = {
            "Proves a table: objects, checksums, rows and keys as recorded, no key twice, a changelog that folds to it.",
            "Names what is wrong and what to do about it; then the exit code is 3."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @ArgGroup
    private Which which = new Which();

    @Option(names = "--deep", description = "Read all columns; compare statistics and every checksum.")
    private boolean deep;

    @Option(names = "--json", description = "Print one JSON object a finding, and one of what was looked at.")
    private boolean json;

    /** Which snapshots; all that can be read unless one of these is given. */
    private static final class Which {
        @Option(names = "--snapshot", paramLabel = "N", description = "This snapshot only.")
        private Long snapshot;

        @Option(names = "--last", paramLabel = "N", description = "The newest N snapshots only.")
        private Integer last;
    }

    @Override
    public Integer call() throws IOException {
        VerifyScope scope = scope();
        try (Warehouse warehouse = options.open()) {
            Verification run = new Verification(
                    warehouse,
                    table.name(),
                    spec.commandLine().getOut(),
                    Progress.of(spec.commandLine().getErr()));
            return run.run(deep ? scope.deeply() : scope, json) ? ExitCode.OK : ExitCode.PROOF_FAILED;
        }
    }

    private VerifyScope scope() {
        long least = which.snapshot != null ? which.snapshot : which.last != null ? which.last : 1;
        if (least < 1) {
            throw new ParameterException(spec.commandLine(), "N is %d, it must be 1 or more".formatted(least));
        }
        if (which.snapshot != null) {
            return VerifyScope.of(which.snapshot);
        }
        return which.last != null ? VerifyScope.newest(which.last) : VerifyScope.ALL;
    }
}
