package io.streamhouse.storage.hadoop;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreProvider;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Stores on HDFS: {@code hdfs://nameservice/directory}, or {@code hdfs:///directory} on the default file system.
 *
 * <p>The configuration is that of Hadoop: {@code core-site.xml} and {@code hdfs-site.xml} of the directory that the
 * environment variable {@code HADOOP_CONF_DIR} names, or of the class path, and over them the catalog's options with the
 * prefix {@code hadoop.}, which is cut off. Other schemes that Hadoop serves are not ours: of its local file system and
 * of S3A a rename is no commit, and what stands behind viewfs is not known before the first call.
 */
public final class HadoopStoreProvider implements ObjectStoreProvider {
    private static final String SCHEME = "hdfs";

    @Override
    public Set<String> schemes() {
        return Set.of(SCHEME);
    }

    @Override
    public ObjectStore open(URI root, Map<String, String> options) {
        boolean plain = root.getRawUserInfo() == null && root.getRawQuery() == null && root.getRawFragment() == null;
        if (root.isOpaque() || !plain) {
            // Not shown: what is too much in it may be a password.
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "store URI hdfs:… is not of the form hdfs://nameservice/directory or hdfs:///directory");
        }
        try {
            return ClusterConfiguration.of(options).open(root);
        } catch (NoClassDefFoundError e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    ("store URI '%s' needs Hadoop's client on the class path: export HADOOP_CLASSPATH=`hadoop classpath`, or"
                                    + " name the jars hadoop-client-api and hadoop-client-runtime there; class %s is missing")
                            .formatted(ShownUri.of(root.toString()), e.getMessage()),
                    e);
        }
    }
}
