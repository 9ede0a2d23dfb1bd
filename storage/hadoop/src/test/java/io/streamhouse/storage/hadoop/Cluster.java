package io.streamhouse.storage.hadoop;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileContext;

/** The HDFS of this module's tests: three data nodes, two replicas; started once, gone with this JVM. */
final class Cluster {
    static final Map<String, String> OPTIONS = Map.of("hadoop.dfs.replication", "2");

    private static final AtomicInteger ROOTS = new AtomicInteger();

    private Cluster() {}

    private static final class Holder {
        static final ServerProcess SERVER;

        static {
            try {
                Path directory =
                        Path.of("target", "hdfs-" + ProcessHandle.current().pid());
                SERVER = ServerProcess.start(
                        "hdfs-server",
                        "io.streamhouse.testkit.hdfsserver.HdfsServerMain",
                        "512m",
                        List.of(directory.toAbsolutePath().toString(), "3"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A directory that nobody has used. */
    static URI newRoot() {
        return Holder.SERVER.uri().resolve("/store/" + ROOTS.incrementAndGet() + "/not-yet-there");
    }

    static URI uri() {
        return Holder.SERVER.uri();
    }

    static ObjectStore open(URI root) {
        return ObjectStores.open(root, OPTIONS);
    }

    /** Hadoop's own door to the same directory. */
    static FileContext files() throws IOException {
        return FileContext.getFileContext(
                Holder.SERVER.uri(), ClusterConfiguration.of(OPTIONS).configuration());
    }

    /** See {@code HdfsServerMain}. */
    static void command(String line) throws IOException, InterruptedException {
        Holder.SERVER.command(line);
    }
}
