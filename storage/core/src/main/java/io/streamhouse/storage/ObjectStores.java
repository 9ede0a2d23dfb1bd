package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Opens the stores that need no library: memory and the local file system. */
public final class ObjectStores {
    private ObjectStores() {}

    /**
     * A new, empty store in this process's memory, gone with the last reference to it. Its time of change is a counter:
     * every change is one millisecond later than the one before, beginning at the epoch.
     */
    public static ObjectStore memory() {
        AtomicLong millis = new AtomicLong();
        return memory(() -> Instant.ofEpochMilli(millis.incrementAndGet()));
    }

    /** Like {@link #memory()}, with times of change from a clock. */
    public static ObjectStore memory(InstantSource clock) {
        return new MemoryObjectStore(clock);
    }

    /**
     * A directory of a local (or locally mounted) file system; what was put survives a loss of power.
     *
     * <p>Opening touches nothing: the directory is created by the first write, and missing rights show only when
     * something is written. Below the root no symbolic link is followed. A file system without hard links can hold
     * objects, but {@link ObjectStore#putIfAbsent} on it is {@code NO_COMMIT_PRIMITIVE}.
     */
    public static ObjectStore local(Path root) {
        return new LocalObjectStore(root, new LocalDisk());
    }

    /** The store of a URI with the scheme {@code file}; any other scheme is {@code BAD_OPTION_VALUE}. */
    public static ObjectStore open(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw refused("has no scheme", "'" + uri + "'");
        }
        if (!scheme.equalsIgnoreCase("file")) {
            // Only the scheme is shown: the rest of such a URI may hold credentials.
            throw refused("has the scheme '%s', known is 'file'".formatted(scheme), scheme + ":…");
        }
        boolean plain = uri.getRawAuthority() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (uri.isOpaque() || !plain) {
            throw refused("is not an absolute path on this machine", "'" + uri + "'");
        }
        try {
            return local(FileSystems.getDefault().provider().getPath(uri));
        } catch (IllegalArgumentException e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE, "store URI '%s': %s".formatted(uri, e.getMessage()), e);
        }
    }

    private static StreamhouseException refused(String what, String shown) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "store URI %s %s; write it as file:///path/of/the/warehouse".formatted(shown, what));
    }
}
