package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountingObjectStoreTest {
    private final CountingObjectStore store = CountingObjectStore.ofTable(ObjectStores.memory(), "shop/orders");

    @Test
    void everyObjectThatCameToStandIsCountedByKind() throws IOException {
        store.put("shop/orders/hint", new byte[3]);
        store.putIfAbsent("shop/orders/snapshot/1", new byte[10]);
        store.putIfAbsent("shop/orders/snapshot/2", new byte[20]);
        try (ObjectOutput output = store.create("shop/orders/data/p=1/a.parquet")) {
            output.write(new byte[50], 10, 40);
            output.write(new byte[5], 0, 5);
            output.commit();
        }
        store.put("shop/orders-2/data/b", new byte[1]);
        StoreCounts counts = store.counts();
        assertEquals(
                Set.of("hint", "snapshot", "data", CountingObjectStore.OUTSIDE),
                counts.puts().keySet());
        assertEquals(2, counts.puts("snapshot"));
        assertEquals(new StoreCounts.Traffic(1, 45), counts.puts().get("data"));
        assertEquals(5, counts.putCount());
        assertEquals(79, counts.putBytes());
    }

    @Test
    void whatDidNotComeToStandIsNotCounted() throws IOException {
        FaultyObjectStore faulty =
                new FaultyObjectStore(ObjectStores.memory(), FaultPolicy.at(1, StoreCall.PUT, "", Fault.ERROR_BEFORE));
        CountingObjectStore counting = CountingObjectStore.ofTable(faulty, "");
        assertThrows(InjectedException.class, () -> counting.put("data/a", new byte[1]));
        counting.create("data/b").close();
        assertEquals(PutOutcome.CREATED, counting.putIfAbsent("snapshot/1", new byte[1]));
        assertEquals(PutOutcome.EXISTED, counting.putIfAbsent("snapshot/1", new byte[1]));
        assertEquals(Set.of("snapshot"), counting.counts().puts().keySet());
        assertEquals(1, counting.counts().puts("snapshot"));
        assertEquals(1, counting.counts().lostRaces());
    }

    @Test
    void readsAreCountedWithTheBytesTheyReturned() throws IOException {
        store.put("shop/orders/data/a", new byte[100]);
        StoreCounts before = store.counts();
        store.read("shop/orders/data/a");
        store.read("shop/orders/data/a", 10, 20);
        assertThrows(StreamhouseException.class, () -> store.read("shop/orders/data/none"));
        store.size("shop/orders/data/a");
        store.list("shop");
        store.delete("shop/orders/data/a");
        store.delete("shop/orders/data/a");
        StoreCounts counts = store.counts().since(before);
        assertEquals(new StoreCounts.Traffic(2, 120), counts.reads().get("data"));
        assertEquals(2, counts.readCount());
        assertEquals(120, counts.readBytes());
        assertEquals(2, counts.inquiries());
        assertEquals(1, counts.deletes());
        assertEquals(0, counts.putCount());
        assertEquals(0, counts.puts("data"));
    }
}
