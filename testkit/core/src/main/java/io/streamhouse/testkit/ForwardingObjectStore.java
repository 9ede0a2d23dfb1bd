package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectStore;

/** Hands every call on, closing included; what a store does otherwise its subclass says. */
public class ForwardingObjectStore extends io.streamhouse.storage.ForwardingObjectStore {
    protected ForwardingObjectStore(ObjectStore store) {
        super(store);
    }
}
