package io.streamhouse.cli;

import io.streamhouse.benchmarks.MicroBenchmark;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./streamhouse bench micro}: measures the store without any engine. */
@Command(name = "bench", description = "Measure: 'micro' writes and scans one table through the plain Java doors.")
final class BenchCommand implements Callable<Integer> {
    enum Suite {
        MICRO
    }

    @Parameters(index = "0", paramLabel = "SUITE", description = "${COMPLETION-CANDIDATES}")
    private Suite suite;

    @Parameters(index = "1..*", paramLabel = "ARGS", description = "Passed to the suite.")
    private List<String> arguments = List.of();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws Exception {
        MicroBenchmark.main(arguments.toArray(String[]::new));
        return ExitCode.OK;
    }
}
