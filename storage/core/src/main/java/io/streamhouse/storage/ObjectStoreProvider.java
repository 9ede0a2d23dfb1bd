package io.streamhouse.storage;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Opens the stores of some URI schemes; what a storage module brings along. Found by {@link java.util.ServiceLoader}
 * through the context class loader and the one that loaded this interface. Implementations are public, have a public
 * constructor without arguments, hold no state and are thread-safe.
 */
public interface ObjectStoreProvider {
    /** URI schemes in lower case. */
    Set<String> schemes();

    /**
     * Opens a store. Opening writes nothing and does not connect: what is wrong over there shows at the first call.
     *
     * @param root URI of the store's root, its scheme one of {@link #schemes()} in any case; may end with a slash
     * @param options those of the catalog, secrets among them: no value may get into a message or a log
     * @throws io.streamhouse.spec.StreamhouseException {@code BAD_OPTION_VALUE} for a URI or an option that cannot be,
     *     {@code UNKNOWN_OPTION} for one that this store does not know
     */
    ObjectStore open(URI root, Map<String, String> options);
}
