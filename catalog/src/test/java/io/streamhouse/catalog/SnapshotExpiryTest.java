package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What expires, when, and what is left of it. */
class SnapshotExpiryTest {
    private static void appends(ExpiryWorld world, int count) throws Exception {
        for (int n = 0; n < count; n++) {
            world.clock.advance(Duration.ofSeconds(1));
            UUID id = new UUID(9, world.clock.millis());
            world.root.put("data/" + id + ".parquet", new byte[] {1});
            world.chain.publish(
                    world.chain.latest(),
                    TestWorld.append(TestWorld.batch(id), List.of(TestWorld.file(id, 1, 1)), List.of()));
        }
    }

    private static ExpiryWorld world(int appends, String time, int min, String max) throws Exception {
        Map<String, String> options = max.isEmpty()
                ? Map.of("snapshot.time-retained", time, "snapshot.num-retained.min", "" + min)
                : Map.of(
                        "snapshot.time-retained",
                        time,
                        "snapshot.num-retained.min",
                        "" + min,
                        "snapshot.num-retained.max",
                        max);
        ExpiryWorld world = new ExpiryWorld(1, options);
        appends(world, appends);
        return world;
    }

    @Test
    void theNewestStayAndWhatCanBeReadAsOfTheRetainedTime() throws Exception {
        assertEquals(0, world(20, "1 h", 10, "").table.expiry().plan(), "all are young");
        assertEquals(15, world(20, "1 h", 2, "5").table.expiry().plan(), "at most 5");
        assertEquals(10, world(20, "0 s", 10, "").table.expiry().plan(), "at least 10");
        assertEquals(19, world(20, "0 s", 1, "").table.expiry().plan(), "never the head");
        assertEquals(0, world(1, "0 s", 1, "1").table.expiry().plan());
        assertEquals(0, world(0, "0 s", 1, "1").table.expiry().plan());
        ExpiryWorld world = world(20, "5 s", 2, "");
        long since = world.clock.millis() - 5_000;
        assertEquals(14, world.table.expiry().plan());
        world.settle(world.table.expiry());
        assertEquals(15, world.chain.atOrBefore(since).orElseThrow().id());
        assertEquals(15, world.chain.earliestId().orElseThrow());
    }

    @Test
    void aClockThatIsAheadLetsNothingGo() throws Exception {
        ExpiryWorld world = world(20, "10 min", 3, "");
        assertEquals(0, world.table.expiry().plan());
        world.clock.advance(Duration.ofDays(400));
        assertEquals(0, world.table.expiry().plan(), "no commit has seen that time");
        world.clock.advance(Duration.ofDays(-800));
        assertEquals(0, world.table.expiry().plan());
        world.clock.advance(Duration.ofDays(800));
        appends(world, 1);
        assertEquals(18, world.table.expiry().plan(), "commits have: the minimum holds");
    }

    @Test
    void nothingIsDeletedBeforeABoundaryHasStoodForAMinute() throws Exception {
        ExpiryWorld world = world(20, "0 s", 5, "");
        SnapshotExpiry expiry = world.table.expiry();
        Set<String> before = ExpiryWorld.standing(world.root);
        assertEquals(new ExpiryReport(15, 15, 0, 0, 0, 0), expiry.run());
        CatalogContract.assertRefused(ErrorCode.SNAPSHOT_EXPIRED, "is 16", () -> world.open(world.warehouse)
                .snapshots()
                .snapshot(15));
        world.clock.advance(SnapshotExpiry.GRACE);
        assertTrue(expiry.run().isIdle());
        assertEquals(before, ExpiryWorld.standing(world.root));
        world.clock.advance(Duration.ofMillis(1));
        assertEquals(new ExpiryReport(15, 0, 15, 0, 0, 0), expiry.run(), "all files are still in the tree");
        assertEquals(5 + 20, ExpiryWorld.standing(world.root).size());
        assertTrue(expiry.run().isIdle());
    }

    @Test
    void aBoundaryFromTheFutureIsWaitedForByTheOwnClock() throws Exception {
        ExpiryWorld world = world(20, "0 s", 5, "");
        world.clock.advance(Duration.ofDays(30));
        world.table.expiry().run();
        world.clock.advance(Duration.ofDays(-30));
        assertTrue(world.table.expiry().run().isIdle());
        world.clock.advance(SnapshotExpiry.GRACE);
        assertTrue(world.table.expiry().run().isIdle());
        world.clock.advance(Duration.ofMillis(1));
        assertEquals(15, world.table.expiry().run().snapshots());
    }

    @Test
    void insideAJobItAsksNobodyUntilAMinuteHasPassed() throws Exception {
        ExpiryWorld world = world(20, "0 s", 5, "");
        CountingObjectStore counting = CountingObjectStore.ofTable(world.warehouse, ExpiryWorld.ROOT);
        SnapshotExpiry expiry = world.open(counting).expiry();
        assertEquals(15, expiry.runIfDue().expired());
        StoreCounts before = counting.counts();
        for (int i = 0; i < 59; i++) {
            world.clock.advance(Duration.ofSeconds(1));
            assertEquals(ExpiryReport.NOTHING, expiry.runIfDue());
        }
        assertEquals(before, counting.counts());
        world.clock.advance(Duration.ofSeconds(2));
        assertEquals(15, expiry.runIfDue().snapshots());
    }

    @Test
    void onlyWhatRetainedSnapshotsNameIsLeft() throws Exception {
        long seed = Seeds.of("SnapshotExpiryTest.exact");
        long objects = 0;
        long rollbacks = 0;
        for (int i = 0; i < 25; i++) {
            ExpiryWorld world = new ExpiryWorld(Seeds.derive(seed, i), ExpiryWorld.FEW);
            ExpiryReport sum = ExpiryReport.NOTHING;
            for (int n = 0; n < 60; n++) {
                world.commit();
                if (n % 7 == 0) {
                    world.clock.advance(Duration.ofSeconds(n % 3 * 61));
                    sum = sum.plus(world.table.expiry().run());
                }
            }
            sum = sum.plus(world.settle(world.table.expiry()));
            assertExact(world, "history " + i);
            objects += sum.objects();
            rollbacks += world.commits(SnapshotKind.ROLLBACK);
            assertTrue(sum.snapshots() >= 40, sum.toString());
        }
        System.out.printf("SnapshotExpiryTest: %d objects deleted, %d rollbacks%n", objects, rollbacks);
        assertTrue(objects > 500 && rollbacks > 20, objects + " objects, " + rollbacks + " rollbacks");
    }

    static void assertExact(ExpiryWorld world, String what) throws Exception {
        SnapshotChain reader = world.open(world.warehouse).snapshots();
        assertEquals(
                world.named(reader, reader.earliestId().orElseThrow()), ExpiryWorld.standing(world.root), () -> what);
    }

    @Test
    void whatARollbackBroughtBackStays() throws Exception {
        ExpiryWorld world =
                new ExpiryWorld(5, Map.of("snapshot.num-retained.min", "2", "snapshot.num-retained.max", "4"));
        appends(world, 6);
        Snapshot head = world.chain.latest().orElseThrow();
        Set<UUID> all = Set.copyOf(world.chain.tree(head).entries().stream()
                .map(e -> e.file().object().id())
                .toList());
        UUID output = new UUID(9, 1);
        world.root.put("data/" + output + ".parquet", new byte[] {1});
        world.chain.publish(
                Optional.of(head), TestWorld.compact(List.of(TestWorld.file(output, 6, 1)), all, List.of()));
        world.rollBack(world.chain.latest().orElseThrow(), 6);
        appends(world, 1);
        ExpiryReport report = world.settle(world.table.expiry());
        assertEquals(5, report.snapshots());
        assertEquals(0, report.objects());
        assertExact(world, "the inputs left the tree in 7 and came back in 8");
        appends(world, 3);
        report = world.settle(world.table.expiry());
        assertEquals(1, report.objects(), "the output goes with 7");
        assertExact(world, "after all of it has expired");
    }

    /** Small snapshots of one user. */
    private static void emptyCommits(ExpiryWorld world, int from, int count) throws Exception {
        Optional<Snapshot> head = world.chain.latest();
        for (int n = from + 1; n <= from + count; n++) {
            world.clock.advance(Duration.ofSeconds(1));
            Optional<UUID> predecessor = n == 1 ? Optional.empty() : Optional.of(new UUID(8, n - 1));
            DeltaIdentity identity = new DeltaIdentity("job", 0, n, new UUID(8, n), predecessor, false);
            CommitOutcome made = world.chain.publish(head, TestWorld.append(identity, List.of(), List.of()));
            head = Optional.of(((CommitOutcome.Committed) made).snapshot());
        }
    }

    @Test
    void tenThousandSnapshotsCostOneReadAndOneDeleteEach() throws Exception {
        ExpiryWorld world = world(0, "0 s", 10, "");
        emptyCommits(world, 0, 10_000);
        CountingObjectStore counting = CountingObjectStore.ofTable(world.warehouse, ExpiryWorld.ROOT);
        SnapshotExpiry expiry = world.open(counting).expiry();
        assertEquals(9_990, expiry.run().expired());
        StoreCounts publishing = counting.counts();
        assertTrue(publishing.readCount() + publishing.inquiries() < 60, publishing.toString());
        assertEquals(1, publishing.putCount());
        world.clock.advance(Duration.ofSeconds(61));
        assertEquals(9_990, expiry.run().snapshots());
        StoreCounts deleting = counting.counts().since(publishing);
        assertEquals(9_990, deleting.deletes());
        assertTrue(deleting.readCount() + deleting.inquiries() < 10_060, deleting.toString());
        emptyCommits(world, 10_000, 10);
        expiry.run();
        world.clock.advance(Duration.ofSeconds(61));
        StoreCounts before = counting.counts();
        assertEquals(10, expiry.run().snapshots());
        StoreCounts few = counting.counts().since(before);
        assertTrue(few.readCount() + few.inquiries() < 40, "it follows what expires: " + few);
    }

    @Test
    void aStalledPublishersRecordGoesAndWhatItNamesStays() throws Exception {
        ExpiryWorld world = world(20, "0 s", 5, "");
        byte[] fifth = world.root.read(SnapshotSlots.path(5));
        byte[] sixth = world.root.read(SnapshotSlots.path(6));
        world.settle(world.table.expiry());
        world.root.put(SnapshotSlots.path(5), fifth);
        assertEquals(1, world.settle(world.open(world.warehouse).expiry()).strays());
        assertExact(world, "a record below the chain");
        // Right below what is left of the chain, but not what its child names as its parent.
        Snapshot zombie = SnapshotCodec.read(sixth, "zombie");
        for (Optional<UUID> table : List.of(zombie.header().table(), Optional.of(new UUID(1, 2)))) {
            Snapshot moved = new Snapshot(
                    new SnapshotHeader(
                            15,
                            14,
                            1,
                            zombie.header().commitUuid(),
                            zombie.kind(),
                            zombie.header().schemaId(),
                            zombie.timeMillis(),
                            table),
                    zombie.author(),
                    zombie.commits(),
                    zombie.tree(),
                    zombie.change(),
                    zombie.totals(),
                    zombie.cleaned(),
                    zombie.properties());
            world.root.put(SnapshotSlots.path(15), SnapshotCodec.write(moved));
            ExpiryReport report = world.settle(world.open(world.warehouse).expiry());
            assertEquals(1, report.strays());
            assertEquals(0, report.objects());
            assertExact(world, "a record beside the chain");
        }
    }

    @Test
    void metadataThatCannotBeReadStopsEverything() throws Exception {
        ExpiryWorld world = new ExpiryWorld(11, ExpiryWorld.FEW);
        world.commit(60);
        world.table.expiry().run();
        world.clock.advance(Duration.ofSeconds(61));
        for (ObjectInfo record : world.root.list("snapshot")) {
            byte[] bytes = world.root.read(record.path());
            byte[] broken = bytes.clone();
            broken[broken.length / 2] ^= 1;
            world.root.put(record.path(), broken);
            Set<String> before = ExpiryWorld.standing(world.root);
            if (record.path()
                            .compareTo(
                                    SnapshotSlots.path(world.chain.earliestId().orElseThrow()))
                    <= 0) {
                CatalogContract.assertRefused(ErrorCode.CORRUPT_FILE, record.path(), () -> world.open(world.warehouse)
                        .expiry()
                        .run());
                assertEquals(before, ExpiryWorld.standing(world.root));
            }
            world.root.put(record.path(), bytes);
        }
        assertFalse(world.open(world.warehouse).expiry().run().isIdle());
    }
}
