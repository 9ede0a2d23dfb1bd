package io.streamhouse.catalog;

import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalCatalogTest extends CatalogContract {
    @TempDir
    private Path directory;

    private Components components;

    @Override
    protected Components components() {
        if (components == null) {
            components = TestWorld.components(ObjectStores.local(directory.resolve("warehouse")), 1);
        }
        return components;
    }
}
