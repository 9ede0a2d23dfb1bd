package io.streamhouse.testkit.s3server;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/**
 * S3Proxy on a free port of the loopback interface, path style, requests signed with version 4.
 *
 * <p>Arguments: {@code memory} or a directory that keeps the objects, access key, secret key, then the buckets to create.
 * Prints {@code READY http://127.0.0.1:<port>} and ends with its standard input.
 */
public final class S3ServerMain {
    private S3ServerMain() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        if (args.length < 3) {
            System.err.println("usage: S3ServerMain memory|DIRECTORY ACCESS_KEY SECRET_KEY [BUCKET…]");
            System.exit(2);
        }
        BlobStore blobs = open(args[0]);
        for (int i = 3; i < args.length; i++) {
            if (!blobs.containerExists(args[i])) {
                blobs.createContainer(args[i]);
            }
        }
        S3Proxy server = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, args[1], args[2])
                .ignoreUnknownHeaders(true)
                .build();
        server.start();
        System.out.println("READY http://127.0.0.1:" + server.getPort());
        while (System.in.read() >= 0) {
            // whoever started us holds the other end
        }
        // at once: nobody waits for requests under way
        Runtime.getRuntime().halt(0);
    }

    private static BlobStore open(String backend) throws Exception {
        Properties properties = new Properties();
        if (backend.equals("memory")) {
            return BlobStores.create("transient", properties);
        }
        properties.setProperty(
                "jclouds.filesystem.basedir",
                Files.createDirectories(Path.of(backend)).toAbsolutePath().toString());
        return BlobStores.create("filesystem", properties);
    }
}
