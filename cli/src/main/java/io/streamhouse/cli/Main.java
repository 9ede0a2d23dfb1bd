package io.streamhouse.cli;

import io.streamhouse.cli.failure.Failure;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line; {@code ./streamhouse} starts it with the right class path and heap. */
@Command(
        name = "streamhouse",
        description = "A table store for streaming data warehouses.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            SqlCommand.class,
            QueryCommand.class,
            TablesCommand.class,
            FilesCommand.class,
            SnapshotsCommand.class,
            VectorsCommand.class,
            TailCommand.class,
            CompactCommand.class,
            ExpireCommand.class,
            CleanCommand.class,
            VerifyCommand.class,
            SimulateCommand.class,
            TestCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 right, 1 failure, 2 usage, 3 a proof failed.",
            "'./streamhouse COMMAND --help' explains a command."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption helpOption;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = run(arguments);
        System.out.flush();
        System.err.flush();
        // Flink leaves threads behind that are not daemons
        System.exit(code);
    }

    /** Runs one command and returns its exit code. */
    static int run(String... arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpLongOptionsMaxWidth(28);
        commandLine.setParameterExceptionHandler(Main::refuse);
        commandLine.setExecutionExceptionHandler((error, line, result) -> report(error, line.getErr()));
        try {
            return commandLine.execute(arguments);
        } catch (Error e) { // picocli hands on what is no Exception, such as a class that cannot be initialised
            return report(e, commandLine.getErr());
        }
    }

    /** One line for the user; the trace is for the log. */
    private static int report(Throwable error, PrintWriter err) {
        Failure failure = Failure.of(error);
        err.println(failure.line());
        err.flush();
        LoggerFactory.getLogger(Main.class).error("command failed", error);
        return failure.code().equals("USAGE") ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    private static int refuse(ParameterException error, String[] arguments) {
        CommandLine line = error.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(new Failure("USAGE", error.getMessage()).line());
        CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
        err.println("'./%s --help' explains it.".formatted(line.getCommandSpec().qualifiedName()));
        err.flush();
        return ExitCode.USAGE;
    }

    /** Without a command: the list of commands. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
