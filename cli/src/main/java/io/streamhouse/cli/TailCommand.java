package io.streamhouse.cli;

import io.streamhouse.cli.ops.ChangeTail;
import io.streamhouse.cli.ops.StopSignal;
import io.streamhouse.cli.ops.Warehouse;
import io.streamhouse.spec.option.ChangelogShape;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse tail}: the changelog of a table. */
@Command(
        name = "tail",
        description = {
            "Changes of a table, one a line: snapshot, +I -U +U -D, row.",
            "With -f it goes on with every commit until Ctrl-C."
        })
final class TailCommand implements Callable<Integer> {
    /** What a batch that is being read may take before the process ends without it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Mixin
    private TableArgument table;

    @Option(names = "-f", description = "Follow: wait for more.")
    private boolean follow;

    @Option(
            names = "--from",
            paramLabel = "START",
            description = {
                "earliest, latest, full (the whole table first), a snapshot id, or a time such as 2026-01-31T12:00:00Z",
                "(default: earliest, with -f latest)."
            })
    private String from;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "FULL",
            description = "full (-U and +U of an update) or upsert (+U only, -D with the key only); default: full.")
    private ChangelogShape shape;

    @Option(names = "--limit", paramLabel = "N", description = "End after N changes.")
    private Long limit;

    @Option(names = "--json", description = "Print one JSON object a change.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (limit != null && limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--limit': %d is below 1".formatted(limit));
        }
        ChangeTail.Query query = new ChangeTail.Query(
                ChangeTail.start(from != null ? from : follow ? "latest" : "earliest"),
                shape,
                limit == null ? Long.MAX_VALUE : limit,
                follow,
                json);
        try (Warehouse warehouse = options.open()) {
            ChangeTail tail = new ChangeTail(
                    table.in(warehouse), query, spec.commandLine().getOut());
            StopSignal stop = new StopSignal();
            if (follow) {
                followUntilCtrlC(tail, stop);
            } else {
                tail.run(stop);
            }
            return ExitCode.OK;
        }
    }

    /** Ctrl-C is how a follower is meant to end, so it ends the process with 0 and whole lines. */
    private static void followUntilCtrlC(ChangeTail tail, StopSignal stop) throws IOException {
        Thread hook = new Thread(
                () -> {
                    stop.ask();
                    try {
                        stop.awaitEnd(LAST_WORDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(ExitCode.OK);
                },
                "end of tail");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            tail.run(stop);
        } finally {
            removeHook(hook);
            stop.end();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Ctrl-C came just now; the hook ends the process
        }
    }
}
