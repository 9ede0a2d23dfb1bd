package io.streamhouse.storage;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreContractTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore open() {
        return ObjectStores.local(directory.resolve("not yet/there"));
    }

    @Override
    protected int raceRounds() {
        return 40;
    }

    @Override
    protected boolean namesAnyScript() {
        return System.getProperty("sun.jnu.encoding").equalsIgnoreCase("UTF-8");
    }
}
