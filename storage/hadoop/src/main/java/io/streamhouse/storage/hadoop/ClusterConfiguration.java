package io.streamhouse.storage.hadoop;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Hdfs;
import org.apache.hadoop.fs.Path;

/** How to reach a cluster: files of the environment, then options. Loaded only where Hadoop's client is. */
final class ClusterConfiguration {
    private static final String OPTION_PREFIX = "hadoop.";
    private static final List<String> FILES = List.of("core-site.xml", "hdfs-site.xml");

    private final Configuration configuration;

    private ClusterConfiguration(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Options of a catalog over what the environment says; an option without the prefix is {@code UNKNOWN_OPTION}. */
    static ClusterConfiguration of(Map<String, String> options) {
        return of(options, Optional.ofNullable(System.getenv("HADOOP_CONF_DIR")));
    }

    static ClusterConfiguration of(Map<String, String> options, Optional<String> directory) {
        Configuration configuration = new Configuration();
        // The thread's loader may not see Hadoop, or see another one; its own classes and defaults stand beside it.
        configuration.setClassLoader(Configuration.class.getClassLoader());
        for (String name : FILES) {
            directory
                    .map(d -> java.nio.file.Path.of(d, name))
                    .filter(Files::isRegularFile)
                    .ifPresent(file -> configuration.addResource(new Path(file.toUri())));
        }
        options.forEach((key, value) -> {
            if (!key.startsWith(OPTION_PREFIX) || key.length() == OPTION_PREFIX.length()) {
                throw new StreamhouseException(
                        ErrorCode.UNKNOWN_OPTION,
                        "option '%s' is not known to a warehouse on HDFS; a setting of Hadoop's client is written with the prefix '%s'"
                                .formatted(TableName.printable(key), OPTION_PREFIX));
            }
            configuration.set(key.substring(OPTION_PREFIX.length()), value);
        });
        return new ClusterConfiguration(configuration);
    }

    Configuration configuration() {
        return configuration;
    }

    /** The store below a directory of the cluster. */
    ObjectStore open(URI root) {
        URI cluster = root.getRawAuthority() != null ? root : FileSystem.getDefaultUri(configuration);
        if (!"hdfs".equalsIgnoreCase(cluster.getScheme()) || cluster.getRawAuthority() == null) {
            throw refused(
                    root, "names no name node, and neither does fs.defaultFS (here '%s')".formatted(shown(cluster)));
        }
        Path directory = new Path("hdfs", cluster.getAuthority(), root.getPath().isEmpty() ? "/" : root.getPath());
        FileContext files = client(root, directory);
        AbstractFileSystem system = files.getDefaultFileSystem();
        if (!(system instanceof Hdfs)) {
            throw new StreamhouseException(
                    ErrorCode.NO_COMMIT_PRIMITIVE,
                    "store URI '%s': %s is not HDFS, so commits of several processes cannot be told apart"
                            .formatted(shown(root), system.getClass().getName()));
        }
        return new HadoopObjectStore(files, directory);
    }

    private FileContext client(URI root, Path directory) {
        try {
            return FileContext.getFileContext(directory.toUri(), configuration);
        } catch (IOException | RuntimeException e) {
            // Hadoop wraps what a constructor threw, a host without an address for instance, several times.
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "store URI '%s' cannot be opened (%s)".formatted(shown(root), reason),
                    e);
        }
    }

    private static String shown(URI uri) {
        return ShownUri.of(uri.toString());
    }

    private static StreamhouseException refused(URI root, String what) {
        return new StreamhouseException(ErrorCode.BAD_OPTION_VALUE, "store URI '%s' %s".formatted(shown(root), what));
    }
}
