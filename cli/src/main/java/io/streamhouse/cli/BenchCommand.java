package io.streamhouse.cli;

import io.streamhouse.benchmarks.CompactionBenchmark;
import io.streamhouse.benchmarks.MicroBenchmark;
import io.streamhouse.benchmarks.RecoveryBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code ./streamhouse bench SUITE}: measures the store without any engine. */
@Command(
        name = "bench",
        description = "Measure: 'micro' writes and scans one table through the plain Java doors, 'compaction' does so"
                + " beside a background compaction and compacts it fully. Both take --rows, --keys and --commits, 'micro'"
                + " --runs, 'compaction' --buckets, --scans and --json FILE. 'recovery' restores a job on a table of many"
                + " files up to its first commit; it takes --commits, --writers, --rows and --recoveries.")
final class BenchCommand implements Callable<Integer> {
    enum Suite {
        MICRO,
        COMPACTION,
        RECOVERY
    }

    @Parameters(index = "0", paramLabel = "SUITE", description = "${COMPLETION-CANDIDATES}")
    private Suite suite;

    @Spec
    private CommandSpec spec;

    /** All that picocli does not know belongs to the suite. */
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Mixin
    private HelpOption helpOption;

    @Override
    public Integer call() throws Exception {
        switch (suite) {
            case MICRO -> parsed(MicroBenchmark::of).run();
            case COMPACTION -> parsed(CompactionBenchmark::of).run();
            case RECOVERY -> parsed(RecoveryBenchmark::of).run();
        }
        return ExitCode.OK;
    }

    private <T> T parsed(Function<List<String>, T> benchmark) {
        try {
            return benchmark.apply(arguments);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }
}
