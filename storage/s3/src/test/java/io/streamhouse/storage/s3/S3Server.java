package io.streamhouse.storage.s3;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of this JVM's tests, started at first use, and stores on it. */
final class S3Server {
    static final String BUCKET = "bucket";
    static final String ACCESS_KEY = "test-access-key";
    static final String SECRET_KEY = "canary-secret-key";

    private static final AtomicInteger STORES = new AtomicInteger();
    private static ServerProcess server;

    private S3Server() {}

    static synchronized URI uri() throws IOException {
        if (server == null) {
            // ends with this JVM
            server = ServerProcess.start(
                    "s3-server",
                    "io.streamhouse.testkit.s3server.S3ServerMain",
                    "512m",
                    List.of("memory", ACCESS_KEY, SECRET_KEY, BUCKET));
        }
        return server.uri();
    }

    static Map<String, String> options(URI endpoint) {
        return Map.of("s3.endpoint", endpoint.toString(), "s3.access-key", ACCESS_KEY, "s3.secret-key", SECRET_KEY);
    }

    /** A root that no other test has. */
    static URI freshRoot() {
        return URI.create(
                "s3://%s/store %d".formatted(BUCKET, STORES.incrementAndGet()).replace(" ", "%20"));
    }

    static ObjectStore freshStore() throws IOException {
        return ObjectStores.open(freshRoot(), options(uri()));
    }
}
