package io.streamhouse.cli;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.sql.InteractiveClient;
import io.streamhouse.cli.sql.ScriptRunner;
import io.streamhouse.cli.sql.Statement;
import io.streamhouse.cli.sql.StatementSplitter;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamhouse sql}: Flink SQL on an embedded cluster, with a catalog that is already there. */
@Command(
        name = "sql",
        description = {
            "Flink's SQL client on an embedded cluster; the catalog 'streamhouse' is created and current.",
            "With -f the statements of a file run one after the other up to the first that fails."
        })
final class SqlCommand implements Callable<Integer> {
    private static final int PARALLELISM = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WarehouseOptions options;

    @Option(names = "-f", paramLabel = "FILE", description = "Run this script instead of a terminal session.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        List<Statement> statements = file == null ? List.of() : StatementSplitter.split(read(file));
        WarehouseCatalog catalog = options.catalog().withKeysInTheProcess();
        return FlinkRun.in(spec, PARALLELISM, flink -> {
            if (file == null) {
                interact(flink, catalog);
            } else {
                runScript(flink, catalog, statements);
            }
        });
    }

    private void runScript(EmbeddedFlink flink, WarehouseCatalog catalog, List<Statement> statements) {
        PrintWriter out = spec.commandLine().getOut();
        try (ScriptRunner runner = new ScriptRunner(flink, out)) {
            runner.prepare(catalog.statements());
            runner.run(statements);
        }
    }

    private void interact(EmbeddedFlink flink, WarehouseCatalog catalog) throws IOException {
        String configuration = System.getenv(InteractiveClient.CONF_VARIABLE);
        if (configuration == null) {
            throw new UsageException("a terminal session needs the variable %s; start it by ./streamhouse sql"
                    .formatted(InteractiveClient.CONF_VARIABLE));
        }
        // the client only says "failed to initialize"; a wrong warehouse deserves its own error
        catalog.statements().forEach(flink.batch()::executeSql);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Flink web page: " + flink.restAddress());
        out.println(
                "Catalog '%s' is current, its warehouse is %s".formatted(WarehouseCatalog.NAME, catalog.warehouse()));
        out.flush();
        InteractiveClient.run(flink, catalog, Path.of(configuration), RunDirectories.of("sql-history"));
    }

    private String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "script " + file + " does not exist", e);
        } catch (MalformedInputException e) {
            throw new ParameterException(spec.commandLine(), "script " + file + " is not UTF-8 text", e);
        }
    }
}
