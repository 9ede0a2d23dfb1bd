package io.streamhouse.storage.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStoreContract;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class HadoopObjectStoreContractTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return Cluster.open(Cluster.newRoot());
    }

    @Override
    protected int raceRounds() {
        return 15;
    }

    @Test
    void whatWasBegunIsListedApartAndOnlyAnEmptyDirectoryGoes() throws IOException {
        URI root = Cluster.newRoot();
        try (ObjectStore store = Cluster.open(root)) {
            store.put("t/a/1", new byte[3]);
            ObjectOutput begun = store.create("t/a/2");
            begun.write(new byte[5], 0, 5);
            List<ObjectInfo> temporary = store.listTemporary("");
            assertEquals(1, temporary.size());
            assertTrue(temporary.get(0).path().startsWith("t/a/."), temporary.toString());
            assertEquals(temporary, store.listTemporary("t"));
            assertEquals(
                    List.of("t/a/1"),
                    store.list("").stream().map(ObjectInfo::path).toList());
            assertTrue(store.delete(temporary.get(0).path()));
            assertEquals(List.of(), store.listTemporary(""));
            assertThrows(IOException.class, begun::commit);
            assertFalse(store.deleteEmptyDirectory("t/a"), "it is not empty");
            assertFalse(store.deleteEmptyDirectory("t/none"));
            assertTrue(store.delete("t/a/1"));
            assertTrue(store.deleteEmptyDirectory("t/a"));
            store.put("t/a/1", new byte[3]);
            assertEquals(3, store.size("t/a/1"));
        }
    }
}
