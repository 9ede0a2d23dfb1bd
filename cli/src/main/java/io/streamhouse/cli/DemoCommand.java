package io.streamhouse.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.demo.Demo;
import io.streamhouse.cli.demo.DemoOptions;
import io.streamhouse.cli.demo.SabotageKind;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse demo}: the main job and its proof. */
@Command(
        name = "demo",
        description = {
            "Change streams through three layers of tables, and the proof that all of it is exact.",
            "Ends with PROOF lines, and with exit code 3 if one of them fails."
        })
final class DemoCommand implements Callable<Integer> {
    private static final double DEFAULT_SCALE = 0.1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scale",
            paramLabel = "FACTOR",
            description = "TPC-H scale factor, 0.001 to 10 (default: " + DEFAULT_SCALE + ", 1.1 million events).")
    private double scale = DEFAULT_SCALE;

    @Option(names = "--seed", paramLabel = "N", description = "Decides all that is drawn (default: 42).")
    private long seed = 42;

    @Option(
            names = "--crash",
            description = "Runs the cluster with all jobs in a process of its own and kills that five times.")
    private boolean crash;

    @Option(
            names = "--sabotage",
            paramLabel = "FAULT",
            completionCandidates = Faults.class,
            description = "Plants one fault that the proof must find: ${COMPLETION-CANDIDATES}.")
    private String sabotage;

    @Option(
            names = "--warehouse",
            paramLabel = "URI",
            description = "Root of the warehouse, a path or a URI (default: DIR/warehouse).")
    private String warehouse;

    @Mixin
    private StoreOptions storeOptions;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Input, checkpoints and log; emptied at the start (default: .streamhouse/demo).")
    private Path directory = RunDirectories.of("demo");

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures and checks to this file.")
    private Path json;

    @Mixin
    private HelpOption helpOption;

    /** Names for the help text. */
    static final class Faults extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Faults() {
            super(SabotageKind.words());
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!(scale >= 0.001 && scale <= 10)) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--scale': %s is not 0.001 to 10".formatted(scale));
        }
        Optional<SabotageKind> fault = fault();
        if (json != null && !Files.isDirectory(json.toAbsolutePath().normalize().getParent())) {
            // found at the end it would cost the whole run
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--json': the directory of '%s' does not exist".formatted(json));
        }
        RunDirectory run = RunDirectory.claim(directory);
        run.adopt();
        WarehouseCatalog catalog = WarehouseCatalog.parse(
                warehouse == null ? run.path().resolve("warehouse").toString() : warehouse, storeOptions.get());
        PrintWriter out = spec.commandLine().getOut();
        Demo.Outcome outcome = new Demo(new DemoOptions(scale, seed, catalog, run, fault, crash), out).run();
        if (json != null) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), outcome.report());
        }
        return outcome.holds() ? ExitCode.OK : ExitCode.PROOF_FAILED;
    }

    private Optional<SabotageKind> fault() {
        if (sabotage == null) {
            return Optional.empty();
        }
        Optional<SabotageKind> kind = SabotageKind.of(sabotage);
        if (kind.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--sabotage': '%s' is none of %s"
                            .formatted(sabotage, String.join(", ", SabotageKind.words())));
        }
        return kind;
    }
}
