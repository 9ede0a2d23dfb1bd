package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;
import io.streamhouse.storage.ObjectStores;
import org.junit.jupiter.api.Nested;

/** A wrapper around a store is a store: without a fault nobody may notice it. */
class StoresUnderContractTest {
    @Nested
    class Faulty extends ObjectStoreContract {
        @Override
        protected ObjectStore open() {
            return new FaultyObjectStore(ObjectStores.memory(), FaultPolicy.none());
        }
    }

    @Nested
    class Counting extends ObjectStoreContract {
        @Override
        protected ObjectStore open() {
            return CountingObjectStore.ofTable(ObjectStores.memory(), "t");
        }
    }
}
