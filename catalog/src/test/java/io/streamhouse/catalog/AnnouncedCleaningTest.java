package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a cleaner's announcement makes of the work of others. */
class AnnouncedCleaningTest {
    private static final Duration WEEK = OrphanCleaner.DEFAULT_AGE;
    private static final UUID WAITING = new UUID(7, 7);
    private static final String WAITING_FILE = "data/" + WAITING + ".parquet";
    private static final String ORPHAN_FILE = "data/" + new UUID(8, 8) + ".parquet";

    private static ExpiryWorld world() throws Exception {
        ExpiryWorld world = new ExpiryWorld(5, Map.of());
        world.commit(5);
        return world;
    }

    private static Snapshot head(ExpiryWorld world) throws IOException {
        return world.chain.latest().orElseThrow();
    }

    private static CommitOutcome publish(SnapshotChain chain, long base) throws IOException {
        return chain.publish(
                chain.latest(),
                TestWorld.writtenAt(
                        TestWorld.append(TestWorld.batch(WAITING), List.of(TestWorld.file(WAITING, 1, 1)), List.of()),
                        base));
    }

    private static void daysPass(ExpiryWorld world, int days) throws Exception {
        world.clock.advance(Duration.ofDays(days));
        world.commit();
    }

    /** Ages count up to the newest commit, and that somebody cleans is none. */
    @Test
    void aTableAtRestKeepsWhatWaitsHoweverOftenItIsCleaned() throws Exception {
        ExpiryWorld world = world();
        world.root.put(ORPHAN_FILE, new byte[] {9});
        world.clock.advance(Duration.ofDays(8));
        world.commit();
        long base = head(world).id();
        long time = head(world).timeMillis();
        world.root.put(WAITING_FILE, new byte[] {9});
        for (int month = 0; month < 3; month++) {
            world.clock.advance(Duration.ofDays(30));
            OrphanCleaner.of(world.table).run(WEEK, false);
        }
        assertEquals(-1, world.root.size(ORPHAN_FILE));
        assertEquals(base + 1, head(world).id());
        assertEquals(time, head(world).timeMillis());
        assertInstanceOf(CommitOutcome.Committed.class, publish(world.chain, base));
        assertEquals(1, world.root.size(WAITING_FILE));
    }

    /** A lease that comes before the announcement and ends after it lowers what is announced, and what goes. */
    @Test
    void nothingGoesThatWasNotAnnounced() throws Exception {
        ExpiryWorld world = world();
        long old = head(world).id();
        world.clock.advance(Duration.ofDays(1));
        world.root.put(WAITING_FILE, new byte[] {9});
        world.clock.advance(Duration.ofDays(8));
        world.commit();
        LeaseHandle[] lease = new LeaseHandle[1];
        boolean[] announced = new boolean[1];
        ObjectStore store = new ForwardingObjectStore(world.warehouse) {
            private int lists;

            @Override
            public List<ObjectInfo> list(String directory) throws IOException {
                if (directory.endsWith("/consumers")) {
                    announced[0] |= !head(world).cleaned().equals(Cleaned.NOTHING);
                    lists++;
                    if (announced[0] && lease[0] != null) {
                        lease[0].close();
                    } else if (lists > 3 && lease[0] == null) {
                        lease[0] = world.table.leases().take(old, Duration.ofMinutes(5), "scan");
                    }
                }
                return super.list(directory);
            }
        };
        OrphanCleaner.of(world.open(store)).run(WEEK, false);
        assertEquals(true, announced[0] && lease[0] != null, "a lease came and went");
        assertEquals(1, world.root.size(WAITING_FILE));
        assertInstanceOf(CommitOutcome.Committed.class, publish(world.chain, old));
    }

    /** A cleaner that dies with its first delete has said what it would take, and nobody publishes that any more. */
    @Test
    void whatACleanerOnlyMeantToTakeIsRefusedToo() throws Exception {
        for (boolean announces : List.of(true, false)) {
            ExpiryWorld world = world();
            long base = world.chain.latest().orElseThrow().id();
            world.root.put(WAITING_FILE, new byte[] {9});
            daysPass(world, 8);
            long before = world.chain.latest().orElseThrow().id();
            ObjectStore deadly = new ForwardingObjectStore(world.warehouse) {
                @Override
                public boolean delete(String path) throws IOException {
                    throw new IOException("dies");
                }
            };
            OrphanCleaner cleaner = OrphanCleaner.of(
                    world.open(deadly),
                    announces ? Protections.ALL : Protections.without(Protection.CLEANING_IS_ANNOUNCED));
            assertThrows(IOException.class, () -> cleaner.run(WEEK, false));
            assertEquals(1, world.root.size(WAITING_FILE));
            Snapshot head = world.chain.latest().orElseThrow();
            assertEquals(announces ? before + 1 : before, head.id());
            assertEquals(announces, head.cleaned().baseBelow() > base);
            CommitOutcome outcome = publish(world.chain, base);
            assertEquals(announces, outcome instanceof CommitOutcome.Refused, "" + outcome);
            world.commit(3);
            assertEquals(head.cleaned(), world.chain.latest().orElseThrow().cleaned(), "handed on");
        }
    }

    @Test
    void aPublisherThatHeedsNoCleanerNamesWhatHasGone() throws Exception {
        for (boolean heeds : List.of(true, false)) {
            ExpiryWorld world = world();
            long base = head(world).id();
            world.root.put(WAITING_FILE, new byte[] {9});
            daysPass(world, 8);
            OrphanCleaner.of(world.table).run(WEEK, false);
            assertEquals(-1, world.root.size(WAITING_FILE));
            SnapshotChain publisher =
                    world.chain(heeds ? Protections.ALL : Protections.without(Protection.PUBLISHERS_HEED_CLEANERS));
            CommitOutcome outcome = publish(publisher, base);
            assertEquals(heeds, outcome instanceof CommitOutcome.Refused, "" + outcome);
            assertEquals(!heeds, world.chain.files(head(world)).contains(WAITING));
        }
    }

    /** A run that finds nothing new to take leaves the chain as it is. */
    @Test
    void cleaningAnnouncesOnlyWhatItTakes() throws Exception {
        ExpiryWorld world = world();
        daysPass(world, 8);
        long before = world.chain.latest().orElseThrow().id();
        OrphanCleaner.of(world.table).run(WEEK, false);
        assertEquals(before, world.chain.latest().orElseThrow().id());
        world.root.put(WAITING_FILE, new byte[] {9});
        daysPass(world, 8);
        before = world.chain.latest().orElseThrow().id();
        OrphanCleaner.of(world.table).run(WEEK, true);
        assertEquals(before, world.chain.latest().orElseThrow().id(), "a dry run");
        OrphanCleaner.of(world.table).run(WEEK, false);
        assertEquals(before + 1, world.chain.latest().orElseThrow().id());
        OrphanCleaner.of(world.table).run(WEEK, false);
        assertEquals(before + 1, world.chain.latest().orElseThrow().id());
    }

    /** The directory may have been another table's when the files were written. */
    @Test
    void filesOfABaseThatThisTableNeverHadAreLookedFor() throws Exception {
        ExpiryWorld world = world();
        for (SnapshotChain chain :
                List.of(world.chain, world.open(world.warehouse).snapshots())) {
            CommitOutcome.Refused refused = assertInstanceOf(
                    CommitOutcome.Refused.class, publish(chain, head(world).id() + 1));
            assertEquals(ErrorCode.MISSING_FILE, refused.code());
        }
        world.root.put(WAITING_FILE, new byte[] {9});
        assertInstanceOf(
                CommitOutcome.Committed.class, publish(world.chain, head(world).id() + 1));
    }
}
