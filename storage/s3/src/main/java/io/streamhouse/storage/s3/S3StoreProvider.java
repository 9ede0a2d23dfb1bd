package io.streamhouse.storage.s3;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.S3Options;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreProvider;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Stores of {@code s3://bucket/prefix}; {@code s3a} is the same, by the name that Hadoop gives it. */
public final class S3StoreProvider implements ObjectStoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("s3", "s3a");
    }

    @Override
    public ObjectStore open(URI root, Map<String, String> options) {
        S3Location location = location(root);
        S3Connection connection = new S3Connection(location, S3Options.parse(options));
        // Only for the length of pauses between tries: no simulation has a store on S3.
        Backoff backoff = new Backoff(new SplittableRandom(System.nanoTime()), Backoff::await);
        return new S3ObjectStore(location, new Requests(location, connection, backoff));
    }

    private static S3Location location(URI root) {
        String bucket = root.getRawAuthority();
        // What may hold a password is not shown.
        if (bucket != null && bucket.contains("@")) {
            throw refused("s3://…", "holds credentials; give them as options of the catalog");
        }
        if (root.getRawQuery() != null || root.getRawFragment() != null) {
            throw refused("s3://…", "has more than a bucket and a path");
        }
        if (bucket == null || !bucket.matches("[a-zA-Z0-9][a-zA-Z0-9._-]*")) {
            throw refused(root.toString(), "names no bucket and prefix; write it as s3://bucket/path");
        }
        String path = root.getPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String prefix = path.substring(Math.min(1, end), end);
        try {
            return S3Location.of(root.getScheme(), bucket, prefix);
        } catch (IllegalArgumentException e) {
            throw refused(root.toString(), e.getMessage());
        }
    }

    private static StreamhouseException refused(String shown, String what) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE, "store URI '%s' %s".formatted(ShownUri.of(shown), what));
    }
}
