package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;
import io.streamhouse.storage.ObjectStores;

/** Counting changes nothing. */
class CountingObjectStoreContractTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return CountingObjectStore.ofTable(ObjectStores.memory(), "t");
    }
}
