package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Whoever asks for the boundary waits for nobody else's store. */
class BoundaryChainTest {
    private static final long PATIENCE_MILLIS = 5_000;

    private final ObjectStore store = ObjectStores.memory();
    private final AtomicReference<BoundaryChain> chain = new AtomicReference<>();
    private final List<Long> meanwhile = new ArrayList<>();
    private int stalls;

    private void publish(int number, long value) throws IOException {
        store.put(BoundaryChain.path(number), BoundaryCodec.write(new Boundary(value, 0), BoundaryChain.path(number)));
    }

    /** Somebody else asks while the first asker's call has not come back. */
    private void othersAsk() throws IOException {
        if (stalls++ != 1) {
            return;
        }
        publish(3, 9);
        Thread other = new Thread(() -> {
            try {
                meanwhile.add(chain.get().newest());
                meanwhile.add(chain.get().known());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        other.setDaemon(true);
        other.start();
        try {
            other.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertFalse(other.isAlive(), "it waits for a call of somebody else");
    }

    @Racing
    void aStalledCallHoldsNobodyUpAndTakesNothingBack() throws Exception {
        publish(1, 4);
        publish(2, 7);
        chain.set(new BoundaryChain(new InterruptedStore(store, this::othersAsk)));
        assertEquals(9, chain.get().newest());
        assertEquals(List.of(9L, 9L), meanwhile);
        assertEquals(9, chain.get().known());
    }

    @Test
    void valuesNeverFall() throws Exception {
        BoundaryChain asked = new BoundaryChain(store);
        assertEquals(0, asked.newest());
        publish(1, 4);
        assertEquals(4, asked.newest());
        publish(2, 3);
        assertEquals(4, asked.newest());
        assertEquals(4, asked.known());
    }

    /** A boundary a minute: a chain is long after a year, and every process that opens the table looks for its end. */
    @Test
    void theEndOfALongChainIsFoundByAFewProbes() throws Exception {
        for (int n = 1; n <= 5_000; n++) {
            publish(n, n);
        }
        int[] calls = {0};
        BoundaryChain asked = new BoundaryChain(new FaultyObjectStore(store, (call, path) -> {
            assertNotEquals(StoreCall.LIST, call, "a listing is as long as the chain");
            calls[0]++;
            return Optional.empty();
        }));
        assertEquals(5_000, asked.newest());
        assertTrue(calls[0] <= 30, calls[0] + " calls");
        publish(5_001, 7_000);
        calls[0] = 0;
        assertEquals(7_000, asked.newest());
        assertTrue(calls[0] <= 4, calls[0] + " calls");
    }
}
