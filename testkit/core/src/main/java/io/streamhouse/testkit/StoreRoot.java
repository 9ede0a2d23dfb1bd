package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place for a warehouse: what opens its store in this process, and in those that a test starts.
 *
 * @param uri root of the store
 * @param options of the store
 */
public record StoreRoot(URI uri, Map<String, String> options) {
    public StoreRoot {
        options = Map.copyOf(options);
    }

    /** A root below this one. */
    public StoreRoot child(String name) {
        String text = uri.toString();
        return new StoreRoot(URI.create(text + (text.endsWith("/") ? "" : "/") + name), options);
    }

    public ObjectStore open() {
        return ObjectStores.open(uri, options);
    }

    /** All of it as one argument of a command. */
    public String toArgument() {
        StringBuilder out = new StringBuilder(uri.toString());
        new TreeMap<>(options)
                .forEach(
                        (key, value) -> out.append('\n').append(key).append('=').append(value));
        return out.toString();
    }

    /** What {@link #toArgument} made into an argument. */
    public static StoreRoot ofArgument(String argument) {
        String[] lines = argument.split("\n");
        Map<String, String> options = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            options.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
        }
        return new StoreRoot(URI.create(lines[0]), options);
    }
}
