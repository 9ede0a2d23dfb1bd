package io.streamhouse.cli.sql;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.table.client.SqlClient;

/** Flink's own SQL client in this JVM, on the embedded cluster. */
public final class InteractiveClient {
    /** Flink's client reads its configuration only from the directory that this variable names. */
    public static final String CONF_VARIABLE = "FLINK_CONF_DIR";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private InteractiveClient() {}

    /**
     * Runs the client until the user leaves it.
     *
     * @param configurationDirectory what {@value #CONF_VARIABLE} says; written here
     * @param history file of the lines typed so far
     */
    public static void run(EmbeddedFlink flink, WarehouseCatalog catalog, Path configurationDirectory, Path history)
            throws IOException {
        Files.createDirectories(configurationDirectory);
        Files.createDirectories(history.toAbsolutePath().getParent());
        Files.writeString(
                configurationDirectory.resolve("config.yaml"),
                yaml(flink.clientConfiguration().toMap()));
        Path init = configurationDirectory.resolve("init.sql");
        Files.deleteIfExists(init);
        try {
            // it holds the options of the catalog, and so may hold secrets
            Files.createFile(init, OWNER_ONLY);
            Files.writeString(init, initScript(catalog));
            SqlClient.main(new String[] {
                "embedded",
                "-i",
                init.toString(),
                "-hist",
                history.toAbsolutePath().toString()
            });
        } finally {
            Files.deleteIfExists(init);
        }
    }

    /** Each statement must end with a semicolon at the end of a line. */
    static String initScript(WarehouseCatalog catalog) {
        StringBuilder script = new StringBuilder("SET 'sql-client.execution.result-mode' = 'tableau';\n");
        for (String statement : catalog.statements()) {
            script.append(statement).append(";\n");
        }
        return script.toString();
    }

    static String yaml(Map<String, String> settings) {
        List<String> lines = new TreeMap<>(settings)
                .entrySet().stream()
                        .map(entry -> "%s: '%s'"
                                .formatted(entry.getKey(), entry.getValue().replace("'", "''")))
                        .toList();
        return String.join("\n", lines) + "\n";
    }
}
