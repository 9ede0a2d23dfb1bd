package io.streamhouse.storage.s3;

import io.streamhouse.storage.ObjectPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The root of a store.
 *
 * @param uri as messages and other engines name it, without a trailing slash
 * @param bucket the bucket
 * @param prefix what every key begins with: empty, or ends with a slash
 */
record S3Location(String uri, String bucket, String prefix) {
    static S3Location of(String scheme, String bucket, String directory) {
        ObjectPath.checkDirectory(directory);
        try {
            String path = directory.isEmpty() ? "" : "/" + directory;
            String uri = new URI(scheme.toLowerCase(Locale.ROOT), bucket, path, null, null).toASCIIString();
            return new S3Location(uri, bucket, ObjectPath.prefix(directory));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Key of an object or of a directory, which must be checked already. */
    String key(String path) {
        return prefix + path;
    }

    /** The path of a key that begins with the prefix. */
    String path(String key) {
        return key.substring(prefix.length());
    }
}
