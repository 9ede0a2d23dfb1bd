package io.streamhouse.cli.sql;

import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.option.Options;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The catalog {@code streamhouse} over one warehouse, as SQL.
 *
 * @param warehouse root of the warehouse
 * @param storeOptions options of the catalog that reach the store; secrets among them
 */
public record WarehouseCatalog(URI warehouse, Map<String, String> storeOptions) {
    /** Name of the catalog in every session that the command line opens. */
    public static final String NAME = "streamhouse";

    /** Where the AWS SDK looks first. */
    private static final Map<String, String> AWS_PROPERTIES = Map.of(
            "s3.access-key", "aws.accessKeyId",
            "s3.secret-key", "aws.secretAccessKey",
            "s3.session-token", "aws.sessionToken");

    public WarehouseCatalog {
        storeOptions = Map.copyOf(storeOptions);
    }

    /**
     * Reads a path or a URI as a user types it; a path is taken from the current directory.
     *
     * @throws UsageException if it is neither
     * @throws io.streamhouse.spec.StreamhouseException as {@link Options#checkCatalog} for the options
     */
    public static WarehouseCatalog parse(String text, Map<String, String> storeOptions) {
        // before Flink sees them: its message about a catalog that cannot be made shows values
        Options.checkCatalog(storeOptions);
        boolean hasScheme = text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
        try {
            return new WarehouseCatalog(
                    hasScheme
                            ? new URI(text)
                            : Path.of(text).toAbsolutePath().normalize().toUri(),
                    storeOptions);
        } catch (URISyntaxException e) {
            throw refused(text, e.getReason());
        } catch (InvalidPathException e) {
            throw refused(text, e.getReason());
        }
    }

    // The reason alone: the exceptions repeat the text, and it may hold a password.
    private static UsageException refused(String text, String reason) {
        return new UsageException("warehouse '%s' is no path or URI: %s".formatted(ShownUri.of(text), reason));
    }

    /**
     * Hands the keys to S3 over to the AWS SDK, by its system properties. For sessions in this process: Flink shows what
     * {@code CREATE CATALOG} was given to whoever asks for it ({@code SHOW CREATE CATALOG}), and serialises it with jobs.
     *
     * @return this catalog without the keys; this one if it has none, or too few for a store to accept
     */
    public WarehouseCatalog withKeysInTheProcess() {
        if (!storeOptions.keySet().containsAll(List.of("s3.access-key", "s3.secret-key"))) {
            return this;
        }
        Map<String, String> rest = new HashMap<>(storeOptions);
        AWS_PROPERTIES.forEach((option, property) -> {
            String value = rest.remove(option);
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
        return new WarehouseCatalog(warehouse, rest);
    }

    /** The statements that make the catalog and its database {@code default} current. */
    public List<String> statements() {
        StringBuilder create = new StringBuilder("CREATE CATALOG %s WITH ('type' = 'streamhouse', 'warehouse' = %s"
                .formatted(NAME, quoted(warehouse.toString())));
        new TreeMap<>(storeOptions)
                .forEach((key, value) ->
                        create.append(", ").append(quoted(key)).append(" = ").append(quoted(value)));
        return List.of(create.append(")").toString(), "USE CATALOG " + NAME);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return warehouse.toString();
    }
}
