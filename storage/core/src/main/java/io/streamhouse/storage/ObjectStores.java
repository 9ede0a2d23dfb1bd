package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.ShownUri;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.CacheOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens stores: memory, the local file system, and what storage modules on the class path bring along. */
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

    /** The store of a URI without options. */
    public static ObjectStore open(URI uri) {
        return open(uri, Map.of());
    }

    /**
     * The store of a URI: {@code file}, or a scheme of an {@link ObjectStoreProvider} on the class path; any other
     * scheme is {@code BAD_OPTION_VALUE}.
     *
     * @param options of the store, and {@code cache.*} of what is kept of a far one; {@code file} knows none, and what a
     *     store does not know is {@code UNKNOWN_OPTION}
     */
    public static ObjectStore open(URI uri, Map<String, String> options) {
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw refused("has no scheme", shown(uri));
        }
        if (!scheme.equalsIgnoreCase("file")) {
            return provided(uri, scheme.toLowerCase(Locale.ROOT), options);
        }
        if (!options.isEmpty()) {
            throw new StreamhouseException(
                    ErrorCode.UNKNOWN_OPTION,
                    "option '%s' is not known to a warehouse on a local disk"
                            .formatted(TableName.printable(
                                    options.keySet().iterator().next())));
        }
        boolean plain = uri.getRawAuthority() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (uri.isOpaque() || !plain) {
            // a host may stand behind a user and a password
            throw refused("is not an absolute path on this machine", plain ? shown(uri) : "file:…");
        }
        try {
            return local(FileSystems.getDefault().provider().getPath(uri));
        } catch (IllegalArgumentException e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE, "store URI %s: %s".formatted(shown(uri), e.getMessage()), e);
        }
    }

    private static ObjectStore provided(URI uri, String scheme, Map<String, String> options) {
        Map<String, ObjectStoreProvider> known = new TreeMap<>();
        for (ClassLoader loader : loaders()) {
            for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class, loader)) {
                provider.schemes().forEach(s -> known.putIfAbsent(s, provider));
            }
        }
        ObjectStoreProvider provider = known.get(scheme);
        if (provider == null) {
            // Only the scheme is shown: the rest of such a URI may hold credentials.
            String all = Stream.concat(Stream.of("file"), known.keySet().stream())
                    .map(s -> "'" + s + "'")
                    .collect(Collectors.joining(", "));
            throw refused("has the scheme '%s', known here: %s".formatted(scheme, all), scheme + ":…");
        }
        CacheOptions cache = CacheOptions.parse(options);
        ObjectStore far = provider.open(uri, CacheOptions.others(options));
        long memoryBytes = cache.memory().bytes();
        if (cache.directory().isEmpty()) {
            return CachedObjectStore.inMemory(far, memoryBytes);
        }
        try {
            RangeFiles disk =
                    RangeFiles.open(cache.directory().get(), cache.disk().bytes());
            return CachedObjectStore.onDisk(far, memoryBytes, disk);
        } catch (IOException e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "'cache.directory' = '%s' cannot be used: %s"
                            .formatted(cache.directory().get(), e),
                    e);
        }
    }

    /** A provider beside our classes, and one that an engine has put into a job's class loader. */
    private static List<ClassLoader> loaders() {
        ClassLoader ours = ObjectStoreProvider.class.getClassLoader();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null || context == ours ? List.of(ours) : List.of(ours, context);
    }

    private static String shown(URI uri) {
        return "'" + ShownUri.of(uri.toString()) + "'";
    }

    private static StreamhouseException refused(String what, String shown) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE,
                "store URI %s %s; write it as file:///path/of/the/warehouse".formatted(shown, what));
    }
}
