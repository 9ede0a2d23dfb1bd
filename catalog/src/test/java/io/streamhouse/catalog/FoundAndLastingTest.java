package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ScopedObjectStore;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.SharedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Who acknowledges what it has found, instead of what it has put, makes sure first that it outlasts a loss of power. Every
 * story is told twice: with a store that makes nothing lasting it loses what was acknowledged.
 */
class FoundAndLastingTest {
    private static final String TABLE = "shop.db/orders/";
    private static final UUID ONE = new UUID(9, 1);

    /** Something is acknowledged, or relied on, that a put without answer has left. */
    private interface Story {
        void tell(Disk disk) throws Exception;
    }

    /** A disk with catalogs on it. */
    private static final class Disk {
        final SharedDisk shared;
        private int seeds;

        Disk(SharedDisk shared) {
            this.shared = shared;
        }

        void loseAnswer(String path, Fault how) {
            shared.loseAnswer(path, how);
        }

        /** A process of its own. */
        Catalog process() {
            return Catalogs.open(TestWorld.components(shared.connect(), ++seeds, shared.clock()));
        }

        SnapshotChain chain() throws IOException {
            return process().table(TestWorld.ORDERS).snapshots();
        }

        Disk withTable() throws IOException {
            Catalog catalog = process();
            catalog.createDatabase("shop", false);
            catalog.createTable(TestWorld.ORDERS, TestWorld.schema());
            assertEquals(Set.of(), shared.unsynced());
            return this;
        }

        /** A commit of one file by somebody who dies before the answer. */
        void commitAndDie(SnapshotDraft draft) throws IOException {
            SnapshotChain dying = chain();
            Optional<Snapshot> head = dying.latest();
            loseAnswer("/snapshot/", Fault.CRASH_AFTER);
            assertThrows(IOException.class, () -> dying.publish(head, draft));
            assertEquals(1, shared.unsynced().size());
        }
    }

    private static SnapshotDraft draft(UUID delta) {
        return TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 10, 1)), List.of());
    }

    private static void commit(SnapshotChain chain, long delta) throws IOException {
        assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft(new UUID(9, delta))));
    }

    /** The object is there after the loss of power, and would not be if nobody had made it lasting. */
    private static void assertLasts(String path, Story story) throws Exception {
        SharedDisk.assertLasts(path, shared -> story.tell(new Disk(shared)));
    }

    private static String snapshot(long id) {
        return TABLE + SnapshotSlots.path(id);
    }

    @Test
    void anOwnCommitThatIsReadBack() throws Exception {
        assertLasts(snapshot(1), disk -> {
            SnapshotChain chain = disk.withTable().chain();
            disk.loseAnswer("/snapshot/", Fault.RESPONSE_LOST);
            commit(chain, 1);
        });
    }

    @Test
    void anOwnFenceThatIsReadBack() throws Exception {
        assertLasts(snapshot(1), disk -> {
            SnapshotChain chain = disk.withTable().chain();
            disk.loseAnswer("/snapshot/", Fault.RESPONSE_LOST);
            assertInstanceOf(FenceOutcome.Opened.class, chain.fence(RestoredState.none("job"), OlderSavepoint.REFUSE));
        });
    }

    @Test
    void aDeltaThatTheCommitMapKnows() throws Exception {
        assertLasts(snapshot(1), disk -> {
            disk.withTable().commitAndDie(draft(ONE));
            SnapshotChain chain = disk.chain();
            assertInstanceOf(CommitVerdict.Already.class, chain.verdict(chain.latest(), TestWorld.batch(ONE)));
        });
        assertLasts(snapshot(1), disk -> {
            disk.withTable().commitAndDie(draft(ONE));
            SnapshotChain chain = disk.chain();
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, chain.publish(chain.latest(), draft(ONE)));
        });
    }

    @Test
    void aDeltaThatSomeSnapshotKnows() throws Exception {
        assertLasts(snapshot(1), disk -> {
            disk.withTable().commitAndDie(draft(ONE));
            assertTrue(disk.chain().hasPublished(TestWorld.batch(ONE)));
        });
    }

    @Test
    void aCompactionWhoseOutputsAreInTheTree() throws Exception {
        UUID output = new UUID(7, 7);
        SnapshotDraft compaction = TestWorld.compact(List.of(TestWorld.file(output, 10, 1)), Set.of(ONE), List.of());
        assertLasts(snapshot(2), disk -> {
            commit(disk.withTable().chain(), 1);
            disk.commitAndDie(compaction);
            SnapshotChain chain = disk.chain();
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, chain.publish(chain.latest(), compaction));
        });
    }

    @Test
    void aFenceAndANewerDeltaThatEndAnAttempt() throws Exception {
        DeltaIdentity first = TestWorld.first("job", 1, ONE);
        assertLasts(snapshot(1), disk -> {
            SnapshotChain dying = disk.withTable().chain();
            disk.loseAnswer("/snapshot/", Fault.CRASH_AFTER);
            assertThrows(IOException.class, () -> dying.fence(RestoredState.none("job"), OlderSavepoint.REFUSE));
            SnapshotChain chain = disk.chain();
            DeltaIdentity older = TestWorld.first("job", 0, ONE);
            assertInstanceOf(CommitVerdict.Fenced.class, chain.verdict(chain.latest(), older));
        });
        assertLasts(snapshot(2), disk -> {
            disk.withTable().chain().fence(RestoredState.none("job"), OlderSavepoint.REFUSE);
            disk.commitAndDie(TestWorld.append(first, List.of(TestWorld.file(ONE, 10, 1)), List.of()));
            assertInstanceOf(
                    FenceOutcome.Refused.class, disk.chain().fence(RestoredState.none("job"), OlderSavepoint.REFUSE));
        });
    }

    @Test
    void aTableWhoseCreationHadNoAnswer() throws Exception {
        assertLasts(TABLE + SchemaFiles.path(0), disk -> {
            Catalog catalog = disk.process();
            catalog.createDatabase("shop", false);
            disk.loseAnswer("/schema/", Fault.RESPONSE_LOST);
            catalog.createTable(TestWorld.ORDERS, TestWorld.schema());
        });
        assertLasts("shop.db/database.json", disk -> {
            disk.loseAnswer("database.json", Fault.RESPONSE_LOST);
            disk.process().createDatabase("shop", false);
        });
    }

    /** Leaves a table behind whose creator died before the answer. */
    private static void createAndDie(Disk disk) throws IOException {
        Catalog dying = disk.process();
        dying.createDatabase("shop", false);
        disk.loseAnswer("/schema/", Fault.CRASH_AFTER);
        assertThrows(IOException.class, () -> dying.createTable(TestWorld.ORDERS, TestWorld.schema()));
    }

    @Test
    void aTableThatExists() throws Exception {
        assertLasts(TABLE + SchemaFiles.path(0), disk -> {
            createAndDie(disk);
            StreamhouseException e = assertThrows(
                    StreamhouseException.class, () -> disk.process().createTable(TestWorld.ORDERS, TestWorld.schema()));
            assertEquals(ErrorCode.TABLE_EXISTS, e.code());
        });
    }

    @Test
    void aTableThatIsCommittedTo() throws Exception {
        assertLasts(TABLE + SchemaFiles.path(0), disk -> {
            createAndDie(disk);
            commit(disk.chain(), 1);
        });
    }

    @Test
    void optionsThatStandAlready() throws Exception {
        Map<String, String> options = Map.of("snapshot.time-retained", "2 h");
        assertLasts(TABLE + SchemaFiles.path(1), disk -> {
            Catalog dying = disk.withTable().process();
            disk.loseAnswer("/schema/", Fault.CRASH_AFTER);
            assertThrows(IOException.class, () -> dying.alterOptions(TestWorld.ORDERS, options, Set.of()));
            disk.process().alterOptions(TestWorld.ORDERS, options, Set.of());
        });
    }

    /** A boundary that outlasts the only snapshot above it leaves no table. */
    @Test
    void theSnapshotsThatABoundaryLeaves() throws Exception {
        Map<String, String> shortest = Map.of("snapshot.num-retained.min", "1", "snapshot.num-retained.max", "1");
        assertLasts(snapshot(2), disk -> {
            disk.withTable().process().alterOptions(TestWorld.ORDERS, shortest, Set.of());
            commit(disk.chain(), 1);
            disk.commitAndDie(draft(new UUID(9, 2)));
            assertEquals(
                    1, disk.process().table(TestWorld.ORDERS).expiry().run().boundary());
        });
    }

    @Test
    void theBoundaryThatLetsObjectsGo() throws Exception {
        assertLasts(TABLE + BoundaryChain.path(1), disk -> {
            commit(disk.withTable().chain(), 1);
            commit(disk.chain(), 2);
            SnapshotExpiry expiry = disk.process().table(TestWorld.ORDERS).expiry();
            BoundaryChain dying = new BoundaryChain(new ScopedObjectStore(disk.shared.connect(), "shop.db/orders"));
            BoundaryChain.Seen none = dying.look();
            disk.loseAnswer("/boundary/", Fault.CRASH_AFTER);
            Boundary boundary = new Boundary(1, disk.shared.clock().millis());
            assertThrows(IOException.class, () -> dying.publish(none, boundary));
            disk.shared.clock().advance(SnapshotExpiry.GRACE.plusSeconds(1));
            assertEquals(1, expiry.run().snapshots());
        });
    }

    /** A cleaner finds announced by another what it is about to take. */
    @Test
    void theAnnouncementThatLetsOrphansGo() throws Exception {
        assertLasts(snapshot(2), disk -> {
            disk.withTable().shared.seen().put(TABLE + "data/" + ONE + ".parquet", new byte[] {1});
            disk.shared.clock().advance(Duration.ofDays(30));
            commit(disk.chain(), 2);
            OrphanCleaner dying = OrphanCleaner.of(disk.process().table(TestWorld.ORDERS));
            disk.loseAnswer("/snapshot/", Fault.CRASH_AFTER);
            assertThrows(IOException.class, () -> dying.run(OrphanCleaner.DEFAULT_AGE, false));
            assertTrue(!disk.chain().latest().orElseThrow().cleaned().equals(Cleaned.NOTHING));
            OrphanCleaner.of(disk.process().table(TestWorld.ORDERS)).run(OrphanCleaner.DEFAULT_AGE, false);
            assertEquals(-1, disk.shared.seen().size(TABLE + "data/" + ONE + ".parquet"));
        });
    }

    @Test
    void commitsThatAreAnsweredAskForNothingMore() throws Exception {
        Disk disk = new Disk(new SharedDisk(false)).withTable();
        SnapshotChain chain = disk.chain();
        commit(chain, 1); // the first one makes the table's schema lasting
        assertEquals(List.of(TABLE + "schema"), disk.shared.madeLasting());
        for (int i = 2; i < 20; i++) {
            commit(i % 2 == 0 ? chain : disk.chain(), i);
        }
        assertEquals(1, disk.shared.madeLasting().size());
    }
}
