package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;

/** A store as some clients use theirs: looks whether the object is there, then writes it. Loses commits. */
final class CarelessObjectStore extends ForwardingObjectStore {
    CarelessObjectStore(ObjectStore store) {
        super(store);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        if (size(path) >= 0) {
            return PutOutcome.EXISTED;
        }
        put(path, bytes);
        return PutOutcome.CREATED;
    }
}
