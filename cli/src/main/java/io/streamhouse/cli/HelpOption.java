package io.streamhouse.cli;

import picocli.CommandLine.Option;

/** What every command knows. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
