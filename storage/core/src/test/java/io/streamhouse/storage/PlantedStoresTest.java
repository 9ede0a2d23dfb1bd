package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The races of the contract, against stores that are wrong: each must be found. */
class PlantedStoresTest {
    private static final int THREADS = 16;
    private static final int MAX_RUNS = 50;

    @Test
    void existsThenPutIsFoundByTheRace() throws Exception {
        long wrong = 0;
        // A race is chance: how soon it shows depends on the machine, that it shows does not.
        for (int run = 0; run < MAX_RUNS && wrong == 0; run++) {
            ObjectStore store = PlantedStores.existsThenPut(ObjectStores.memory());
            wrong = PutRace.run(store, "race", THREADS, 300).wrong();
        }
        assertTrue(wrong > 0);
    }

    @Test
    void aClaimedWinOfAnotherIsFoundByTheRace() throws Exception {
        ObjectStore store = PlantedStores.claimsOthers(ObjectStores.memory());
        PutRace.Result result = PutRace.run(store, "race", THREADS, 50);
        assertTrue(result.wrong() > 0, result.toString());
    }

    @Test
    void anObjectFilledUnderItsNameIsFoundByTheReaders(@TempDir Path root) throws Exception {
        boolean found = false;
        for (int run = 0; run < MAX_RUNS && !found; run++) {
            ObjectStore store = PlantedStores.exclusiveCreate(ObjectStores.local(root), root);
            found = !PartialReads.run(store, "torn/" + run, PartialReads.Writing.PUT, 300)
                    .isEmpty();
        }
        assertTrue(found);
    }

    @Test
    void aPartOfAContentIsToldFromTheWhole() {
        byte[] content = Stamped.content(3, 100);
        assertTrue(Stamped.writerOf(content) == 3);
        assertFalse(Stamped.writerOf(Arrays.copyOf(content, 99)) == 3);
        assertFalse(Stamped.writerOf(new byte[0]) == 0);
        content[50]++;
        assertTrue(Stamped.writerOf(content) == -1);
    }
}
