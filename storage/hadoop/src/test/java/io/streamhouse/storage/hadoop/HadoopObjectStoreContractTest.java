package io.streamhouse.storage.hadoop;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;

class HadoopObjectStoreContractTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return Cluster.open(Cluster.newRoot());
    }

    @Override
    protected int raceRounds() {
        return 15;
    }
}
