package io.streamhouse.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kinds of stores that tests run on. The servers of S3 and HDFS are started at first use, in JVMs of their own that end
 * with this one; whoever uses them declares the pom of the server and the module of the store.
 */
public enum StoreKind {
    LOCAL,
    S3,
    HDFS;

    private static final AtomicInteger ROOTS = new AtomicInteger();

    /**
     * A root that nobody has used.
     *
     * @param directory of the test, for what is on a local disk
     */
    public StoreRoot newRoot(Path directory) throws IOException {
        String name = "warehouse-" + ROOTS.incrementAndGet();
        return switch (this) {
            case LOCAL -> new StoreRoot(directory.resolve(name).toUri(), Map.of());
            case S3 -> S3Server.ROOT.child(name);
            case HDFS -> HdfsServer.ROOT.child(name);
        };
    }

    private static final class S3Server {
        private static final String KEY = "test-key";
        private static final String BUCKET = "bucket";
        static final StoreRoot ROOT;

        static {
            URI endpoint = started(
                    "s3-server", "io.streamhouse.testkit.s3server.S3ServerMain", List.of("memory", KEY, KEY, BUCKET));
            ROOT = new StoreRoot(
                    URI.create("s3://" + BUCKET),
                    Map.of("s3.endpoint", endpoint.toString(), "s3.access-key", KEY, "s3.secret-key", KEY));
        }
    }

    private static final class HdfsServer {
        static final StoreRoot ROOT = new StoreRoot(
                started(
                        "hdfs-server",
                        "io.streamhouse.testkit.hdfsserver.HdfsServerMain",
                        List.of(
                                Path.of(
                                                "target",
                                                "hdfs-"
                                                        + ProcessHandle.current()
                                                                .pid())
                                        .toAbsolutePath()
                                        .toString(),
                                "1")),
                Map.of("hadoop.dfs.replication", "1"));
    }

    private static URI started(String module, String main, List<String> arguments) {
        try {
            return ServerProcess.start(module, main, "768m", arguments).uri();
        } catch (IOException e) {
            throw new AssertionError("cannot start " + main, e);
        }
    }
}
