package io.streamhouse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stores that are wrong in a known way, to show that the contract finds it. */
final class PlantedStores {
    private PlantedStores() {}

    /** Asks whether the object exists and then puts it: what every store without a true put-if-absent does. */
    static ObjectStore existsThenPut(ObjectStore store) {
        return new ForwardingObjectStore(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (store.size(path) >= 0) {
                    return PutOutcome.EXISTED;
                }
                Thread.yield();
                store.put(path, bytes);
                return PutOutcome.CREATED;
            }
        };
    }

    /** Retries without looking whose object it met: what a client library's own retries do. */
    static ObjectStore claimsOthers(ObjectStore store) {
        return new ForwardingObjectStore(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                PutOutcome outcome = store.putIfAbsent(path, bytes);
                boolean claimed = outcome == PutOutcome.EXISTED && path.hashCode() % 5 == 0;
                return claimed ? PutOutcome.CREATED : outcome;
            }
        };
    }

    /** Creates under the final name and then fills: what an exclusive create does. */
    static ObjectStore exclusiveCreate(ObjectStore store, Path root) {
        return new ForwardingObjectStore(store) {
            @Override
            public void put(String path, byte[] bytes) throws IOException {
                Files.createDirectories(root.resolve(path).getParent());
                Files.write(root.resolve(path), bytes);
            }
        };
    }
}
