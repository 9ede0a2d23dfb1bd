package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.storage.PowerLossDisk.Forgotten;
import io.streamhouse.storage.PowerLossDisk.Unsynced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies after its object can be seen and before it is sure to stay; another one sees it; then the power fails. */
class SeenAndLostTest {
    private static final String OBJECT = "t/snapshot/1";
    private static final String NEXT = "t/snapshot/2";
    private static final int CALLS = 1000;

    @TempDir
    Path root;

    @Test
    void whatIsOnlyReadMayGo() throws IOException {
        assertEquals(-1, sizeAfter(Forgotten.NOTHING, store -> store.read(OBJECT)));
    }

    @Test
    void whatWasMadeLastingStays() throws IOException {
        assertEquals(4, sizeAfter(Forgotten.NOTHING, store -> store.makeLasting("t/snapshot")));
    }

    @Test
    void whatAPutHasRunIntoStays() throws IOException {
        assertEquals(
                4, sizeAfter(Forgotten.NOTHING, store -> assertEquals(PutOutcome.EXISTED, put(store, OBJECT, "mine"))));
    }

    @Test
    void whatStandsBesideAnAnsweredPutStays() throws IOException {
        assertEquals(
                4, sizeAfter(Forgotten.NOTHING, store -> assertEquals(PutOutcome.CREATED, put(store, NEXT, "mine"))));
    }

    @Test
    void aStoreThatMakesAnotherDirectoryLastingOrForgetsToSyncIsFoundOut() throws IOException {
        assertEquals(-1, sizeAfter(Forgotten.NOTHING, store -> store.makeLasting("t")));
        assertEquals(-1, sizeAfter(Forgotten.SYNC_OF_DIRECTORY, store -> store.makeLasting("t/snapshot")));
    }

    private interface Looker {
        void look(ObjectStore store) throws IOException;
    }

    /** Size of the object that somebody has looked at, after the loss of power. */
    private long sizeAfter(Forgotten forgotten, Looker looker) throws IOException {
        Path here = root.resolve(Integer.toHexString(System.identityHashCode(looker)));
        PowerLossDisk disk = new PowerLossDisk(CALLS, forgotten);
        ObjectStore first = new LocalObjectStore(here, disk);
        first.putIfAbsent("t/snapshot/0", bytes("old"));
        disk.dieBeforeNextSyncOf("snapshot");
        assertEquals(PutOutcome.UNKNOWN, put(first, OBJECT, "seen"));
        disk.live();
        ObjectStore second = new LocalObjectStore(here, disk);
        assertArrayEquals(bytes("seen"), second.read(OBJECT));
        looker.look(second);
        disk.lose(Unsynced.NAMES_LOST);
        return ObjectStores.local(here).size(OBJECT);
    }

    private static PutOutcome put(ObjectStore store, String path, String content) throws IOException {
        return store.putIfAbsent(path, bytes(content));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
