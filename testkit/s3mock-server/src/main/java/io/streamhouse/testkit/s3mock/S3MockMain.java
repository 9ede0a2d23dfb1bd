package io.streamhouse.testkit.s3mock;

import com.adobe.testing.s3mock.S3MockApplication;
import java.util.HashMap;
import java.util.Map;

/**
 * S3Mock on a free port, any keys, path style. Prints {@code READY http://127.0.0.1:<port>} and ends with its standard
 * input. Objects are kept in a directory that it deletes at its end.
 *
 * <p>Argument: the bucket to create.
 */
public final class S3MockMain {
    private S3MockMain() {}

    /** See the class. */
    @SuppressWarnings("deprecation") // the port of plain HTTP has no other name
    public static void main(String[] args) throws Exception {
        // it adds to the map
        Map<String, Object> properties = new HashMap<>(Map.of(
                S3MockApplication.PROP_HTTP_PORT,
                S3MockApplication.RANDOM_PORT,
                S3MockApplication.PROP_HTTPS_PORT,
                S3MockApplication.RANDOM_PORT,
                "vectors.http.port",
                S3MockApplication.RANDOM_PORT,
                "vectors.https.port",
                S3MockApplication.RANDOM_PORT,
                S3MockApplication.PROP_SILENT,
                true,
                "server.address",
                "127.0.0.1",
                "com.adobe.testing.s3mock.store.initial-buckets",
                args[0]));
        S3MockApplication server = S3MockApplication.start(properties);
        System.out.println("READY http://127.0.0.1:" + server.getHttpPort());
        while (System.in.read() >= 0) {
            // whoever started us holds the other end
        }
        System.exit(0);
    }
}
