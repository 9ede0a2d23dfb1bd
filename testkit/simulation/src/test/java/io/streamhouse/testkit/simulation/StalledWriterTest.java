package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Protection;
import io.streamhouse.catalog.Protections;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A program in plain Java stops in the middle of a commit; its successor takes over from the state that it had stored,
 * works, and history expires; then the old program runs on as if nothing had been.
 */
class StalledWriterTest {
    private final ManualClock clock = ManualClock.atMillis(1_767_225_600_000L);
    private final ObjectStore store = ObjectStores.memory();
    private Meanwhile meanwhile;
    private StoreCall call;
    private String path;

    /** What happens while the old program stands still. */
    @FunctionalInterface
    private interface Meanwhile {
        void run() throws IOException;
    }

    /** The store as the old program sees it: one of its calls takes very long. */
    private ObjectStore stalling() {
        return new FaultyObjectStore(store, (actual, at) -> {
            if (meanwhile != null && actual == call && at.contains(path)) {
                Meanwhile now = meanwhile;
                meanwhile = null;
                try {
                    now.run();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        });
    }

    private Table open(ObjectStore seen, Protections protections, long seed) throws IOException {
        return Catalogs.open(PlainProgram.components(seen, clock, seed), protections)
                .table(PlainProgram.NAME);
    }

    private void expireAll(Table table) throws IOException {
        SnapshotExpiry expiry = table.expiry();
        assertTrue(expiry.run().expired() > 0);
        clock.advance(SnapshotExpiry.GRACE.plusSeconds(1));
        assertTrue(expiry.run().snapshots() > 0);
    }

    /** How it ended: what the old program was told, and the successor that must go on working. */
    private void stall(StoreCall at, String in, int commits, boolean expire, Protections protections)
            throws IOException {
        PlainProgram.create(
                PlainProgram.components(store, clock, 1),
                Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1"));
        PlainProgram[] successor = new PlainProgram[1];
        try (PlainProgram old = PlainProgram.start(open(stalling(), protections, 2), 2, 40, 20)) {
            for (int i = 0; i < 5; i++) {
                old.commitNext(20);
            }
            call = at;
            path = in;
            meanwhile = () -> {
                successor[0] = old.successor(open(store, protections, 3), 3);
                for (int i = 0; i < commits; i++) {
                    clock.advance(Duration.ofSeconds(1));
                    successor[0].commitNext(20);
                }
                if (expire) {
                    expireAll(open(store, protections, 4));
                    successor[0].commitNext(20);
                }
            };
            old.draw(20);
            StreamhouseException told = assertThrows(StreamhouseException.class, old::commit);
            assertEquals(ErrorCode.WRITER_FENCED, told.code(), told.getMessage());
            assertTrue(told.getMessage().contains("has taken over"), told.getMessage());
            assertEquals(null, meanwhile, "it never stalled");
            Table seen = open(store, Protections.ALL, 5);
            successor[0].check(seen);
            successor[0].commitNext(20);
            // nor is the old program let in if it is started again from what it had stored
            StreamhouseException again =
                    assertThrows(StreamhouseException.class, () -> old.successor(open(store, protections, 6), 6));
            assertEquals(ErrorCode.OLDER_SAVEPOINT, again.code(), again.getMessage());
            successor[0].check(open(store, Protections.ALL, 7));
            if (!expire) {
                assertEquals(successor[0].acknowledged(), PlainProgram.folded(open(store, Protections.ALL, 7)));
            }
        } finally {
            if (successor[0] != null) {
                successor[0].close();
            }
        }
    }

    @Test
    void beforeTheSnapshotIsPut() throws IOException {
        stall(StoreCall.PUT_IF_ABSENT, "/snapshot/", 5, false, Protections.ALL);
    }

    /** Its slot is free again when it wakes up: the put succeeds, and counts for nothing. */
    @Test
    void beforeTheSnapshotIsPutInASlotThatHasExpiredSince() throws IOException {
        stall(StoreCall.PUT_IF_ABSENT, "/snapshot/", 5, true, Protections.ALL);
    }

    @Test
    void whileItsDataFileIsWritten() throws IOException {
        stall(StoreCall.COMMIT, "/data/", 5, false, Protections.ALL);
    }

    @Test
    void whileItsDataFileIsWrittenAndItsBaseHasExpiredSince() throws IOException {
        stall(StoreCall.COMMIT, "/data/", 5, true, Protections.ALL);
    }

    @Test
    void beforeTheSnapshotIsPutAndItsSuccessorHasDoneNothingYet() throws IOException {
        stall(StoreCall.PUT_IF_ABSENT, "/snapshot/", 0, false, Protections.ALL);
    }

    /** Then the old program commits after all, and what its successor writes from then on is refused. */
    @Test
    void withoutTheFenceTheOldProgramWouldNotBeStopped() {
        assertThrows(
                AssertionError.class,
                () -> stall(
                        StoreCall.PUT_IF_ABSENT,
                        "/snapshot/",
                        0,
                        false,
                        Protections.without(Protection.OLDER_EPOCHS_ARE_FENCED)));
    }
}
