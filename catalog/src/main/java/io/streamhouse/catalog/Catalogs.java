package io.streamhouse.catalog;

import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Opens catalogs. */
public final class Catalogs {
    private Catalogs() {}

    /**
     * The catalog of a warehouse, with the system's clock and ids. Opening writes nothing.
     *
     * @param warehouse root of all databases: {@code file:///…}, or a scheme of a storage module on the class path
     * @param options of the store; one that it does not know is {@code UNKNOWN_OPTION}
     */
    public static Catalog open(URI warehouse, Map<String, String> options) {
        Components components = Components.system(ObjectStores.open(warehouse, options));
        // link(2) decides on a file system, and a race there costs sixteen syncs for every new table
        Optional<Executor> racers =
                "file".equalsIgnoreCase(warehouse.getScheme()) ? Optional.empty() : Optional.of(Catalogs::startThread);
        return new FileSystemCatalog(components, true, racers, Protections.ALL, SnapshotDecoder.CODEC);
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "streamhouse-probe");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The catalog of a warehouse in a world of its own.
     *
     * @param components with a store rooted at the warehouse, which stays the caller's to close
     */
    public static Catalog open(Components components) {
        return open(components, Protections.ALL);
    }

    /**
     * The same with some protections left out. Only for tests that show what they are worth: a warehouse opened so may lose
     * or double commits.
     */
    public static Catalog open(Components components, Protections protections) {
        return open(components, protections, SnapshotDecoder.CODEC);
    }

    /** The same with a decoder that may remember what it decoded. */
    public static Catalog open(Components components, Protections protections, SnapshotDecoder decoder) {
        return new FileSystemCatalog(components, protections, decoder);
    }
}
