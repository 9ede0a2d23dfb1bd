package io.streamhouse.cli;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** Runs something on an embedded Flink cluster in a run directory of its own, which stays only after a failure. */
final class FlinkRun {
    private FlinkRun() {}

    /** What is run. */
    @FunctionalInterface
    interface Work {
        void on(EmbeddedFlink flink) throws IOException;
    }

    /** Starts the cluster, runs the work, answers {@link ExitCode#OK}. */
    static int in(CommandSpec spec, int parallelism, Work work) throws IOException {
        Path runs = RunDirectories.of("sql");
        RunDirectory.deleteLeftovers(runs);
        RunDirectory run = RunDirectory.claim(
                runs.resolve(Long.toString(ProcessHandle.current().pid())));
        run.adopt();
        boolean succeeded = false;
        try (EmbeddedFlink flink = EmbeddedFlink.start(run, parallelism)) {
            work.on(flink);
            succeeded = true;
        } finally {
            if (succeeded) {
                run.delete();
            } else {
                run.release();
                spec.commandLine().getErr().println("log: " + run.log());
            }
        }
        return ExitCode.OK;
    }
}
