package io.streamhouse.storage.s3;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;
import java.io.IOException;

class S3ObjectStoreContractTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() throws IOException {
        return S3Server.freshStore();
    }

    @Override
    protected int raceRounds() {
        return 60;
    }
}
