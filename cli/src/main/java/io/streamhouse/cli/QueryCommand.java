package io.streamhouse.cli;

import io.streamhouse.cli.sql.ScriptRunner;
import io.streamhouse.cli.sql.Statement;
import io.streamhouse.cli.sql.StatementSplitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse query}: one statement of batch SQL. */
@Command(
        name = "query",
        description = {
            "One statement of Flink SQL in batch mode on an embedded cluster; prints its result.",
            "The catalog 'streamhouse' and its database 'default' are current."
        })
final class QueryCommand implements Callable<Integer> {
    private static final int PARALLELISM = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Parameters(index = "0", paramLabel = "SQL", description = "The statement, in quotes of the shell.")
    private String sql;

    @Override
    public Integer call() throws IOException {
        List<Statement> statements = StatementSplitter.split(sql);
        if (statements.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(), "one statement is expected, not %d".formatted(statements.size()));
        }
        options.open().close(); // what is missing is said before a cluster starts
        List<String> before =
                new ArrayList<>(options.catalog().withKeysInTheProcess().statements());
        before.add("SET 'execution.runtime-mode' = 'batch'");
        return FlinkRun.in(spec, PARALLELISM, flink -> {
            try (ScriptRunner runner =
                    new ScriptRunner(flink, spec.commandLine().getOut())) {
                runner.prepare(before);
                runner.runAlone(statements.get(0));
            }
        });
    }
}
