package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return ObjectStores.memory();
    }

    @Test
    void timesOfChangeComeFromTheClock() throws IOException {
        AtomicLong now = new AtomicLong(1_000);
        ObjectStore store = ObjectStores.memory(() -> Instant.ofEpochMilli(now.get()));
        store.put("a", new byte[1]);
        now.set(5_000);
        store.put("b", new byte[1]);
        assertEquals(1_000, store.list("").get(0).modifiedMillis());
        assertEquals(5_000, store.list("").get(1).modifiedMillis());
    }

    @Test
    void twoStoresShareNothing() throws IOException {
        ObjectStore one = ObjectStores.memory();
        ObjectStore other = ObjectStores.memory();
        one.put("a", new byte[1]);
        assertEquals(-1, other.size("a"));
        assertNotEquals(one.uri(), other.uri());
    }
}
