package io.streamhouse.cli;

import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.ops.Progress;
import io.streamhouse.cli.ops.SimulationRun;
import io.streamhouse.testkit.simulation.Mutant;
import io.streamhouse.testkit.simulation.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse simulate}: random histories over the whole store, judged snapshot by snapshot. */
@Command(
        name = "simulate",
        description = {
            "Runs random schedules of jobs, compactors, expirers and readers over a failing store; judges each snapshot.",
            "The same seed gives the same schedules and prints the same hash."
        })
final class SimulateCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Mixin
    private HelpOption helpOption;

    @Spec
    private CommandSpec spec;

    @Option(names = "--schedules", paramLabel = "N", description = "Schedules to run (default: ${DEFAULT-VALUE}).")
    private long schedules = 1000;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the first schedule (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--mutant",
            paramLabel = "M",
            description = "Leave a rule out, or each in turn ('all'), to see that it is noticed.")
    private String mutant;

    @Option(
            names = "--only",
            paramLabel = "MOVES",
            description = "The part of one schedule that a failure has printed.")
    private String only;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        if (schedules < 1 || threads < 1) {
            throw new UsageException("'--schedules' and '--threads' are 1 or more");
        }
        boolean all = ALL.equals(mutant);
        if (only != null && (schedules != 1 || all)) {
            throw new UsageException("'--only' is of one schedule of one mutant: --schedules 1");
        }
        SimulationRun run = new SimulationRun(
                spec.commandLine().getOut(), Progress.of(spec.commandLine().getErr()), schedules, seed, threads);
        boolean right;
        if (all) {
            right = run.mutants(mutants());
        } else if (only != null) {
            right = run.once(schedule(), named());
        } else {
            right = mutant == null ? run.rules() : run.mutants(List.of(named()));
        }
        return right ? ExitCode.OK : ExitCode.PROOF_FAILED;
    }

    private Schedule schedule() {
        try {
            return Schedule.parse(seed, only);
        } catch (IllegalArgumentException e) {
            throw new UsageException("'--only': " + e.getMessage());
        }
    }

    private Mutant named() {
        if (mutant == null) {
            return Mutant.NONE;
        }
        Optional<Mutant> found =
                mutants().stream().filter(m -> m.word().equals(mutant)).findFirst();
        return found.orElseThrow(() -> new UsageException("'--mutant' is none of all, "
                + String.join(", ", mutants().stream().map(Mutant::word).toList())));
    }

    private static List<Mutant> mutants() {
        return Arrays.stream(Mutant.values()).filter(m -> m != Mutant.NONE).toList();
    }
}
