package io.streamhouse.catalog;

import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;

class MemoryCatalogTest extends CatalogContract {
    private final Components components = TestWorld.components(ObjectStores.memory(), 1);

    @Override
    protected Components components() {
        return components;
    }
}
