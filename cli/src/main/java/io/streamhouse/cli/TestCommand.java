package io.streamhouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stands in the list of commands; the script runs it, since it needs Maven and not this class path. */
@Command(name = "test", description = "Build everything and run all tests (mvn verify).")
final class TestCommand implements Callable<Integer> {
    @Mixin
    private HelpOption helpOption;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "'test' is run by the script: ./streamhouse test");
    }
}
