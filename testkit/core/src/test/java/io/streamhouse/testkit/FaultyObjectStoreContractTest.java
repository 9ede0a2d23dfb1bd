package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;
import io.streamhouse.storage.ObjectStores;

/** Without a fault the faulty store is a store like any other. */
class FaultyObjectStoreContractTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return new FaultyObjectStore(ObjectStores.memory(), FaultPolicy.none());
    }
}
