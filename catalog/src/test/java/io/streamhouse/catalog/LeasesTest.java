package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a lease keeps, and for how long. */
class LeasesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final ExpiryWorld world = world();

    private static ExpiryWorld world() {
        try {
            ExpiryWorld world = new ExpiryWorld(21, ExpiryWorld.FEW);
            world.commit(30);
            world.root.deleteDirectory("consumers");
            return world;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> objects() throws Exception {
        return world.root.list("consumers").stream().map(ObjectInfo::path).toList();
    }

    private long keeps(LeaseHandle lease) throws Exception {
        assertEquals(lease.oldestSnapshot() - 1, world.table.expiry().plan());
        return lease.oldestSnapshot();
    }

    @Test
    void aLeaseKeepsItsSnapshotUntilItIsGivenBack() throws Exception {
        long through = world.table.expiry().plan();
        assertTrue(through > 6, "without leases " + through);
        LeaseHandle lease = world.table.leases().take(5, HOUR, "scan");
        assertEquals(5, keeps(lease));
        world.settle(world.table.expiry());
        assertEquals(5, world.open(world.warehouse).snapshots().earliestId().orElseThrow());
        SnapshotExpiryTest.assertExact(world, "with a lease of 5");
        lease.renew(7);
        assertEquals(7, keeps(lease));
        assertThrows(IllegalArgumentException.class, () -> lease.renew(6), "what was let go may have gone");
        lease.close();
        lease.close();
        assertThrows(IllegalArgumentException.class, () -> lease.renew(7));
        assertEquals(through, world.table.expiry().plan());
        world.settle(world.table.expiry());
        assertEquals(List.of(), objects(), "what was given back is cleaned away");
        SnapshotExpiryTest.assertExact(world, "after the lease");
    }

    @Test
    void aLeaseEndsWhenClockAndCommitsSaySo() throws Exception {
        long through = world.table.expiry().plan();
        LeaseHandle lease = world.table.leases().take(5, HOUR, "scan");
        assertFalse(lease.renewIfDue(5));
        world.clock.advance(HOUR.multipliedBy(3));
        assertEquals(5, keeps(lease), "a clock that is ahead ends no lease");
        world.clock.advance(HOUR.multipliedBy(-3));
        world.commit();
        assertEquals(5, keeps(lease));
        world.clock.advance(HOUR.dividedBy(2));
        assertTrue(lease.renewIfDue(6));
        world.clock.advance(HOUR.plus(Leases.TOLERANCE));
        world.commit();
        assertTrue(world.table.expiry().plan() > through, "it has ended");
        world.clock.advance(HOUR);
        world.settle(world.table.expiry());
        assertEquals(1, objects().size(), "its remains are kept for a day");
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> lease.renew(6), "too late");
        assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code());
        world.clock.advance(Leases.REMAINS.plus(HOUR));
        world.commit();
        world.table.expiry().run();
        assertEquals(List.of(), objects());
    }

    @Test
    void remainsOfALeaseThatWasNotGivenBackGoAfterADay() throws Exception {
        world.table.leases().take(5, HOUR, "dead");
        world.clock.advance(Leases.REMAINS.plus(HOUR).minusSeconds(1));
        world.commit();
        assertEquals(0, world.table.expiry().run().leases());
        world.clock.advance(Duration.ofSeconds(1));
        world.commit();
        assertEquals(1, world.table.expiry().run().leases());
        assertEquals(List.of(), objects());
    }

    @Test
    void aRenewedLeaseLeavesOneObject() throws Exception {
        LeaseHandle lease = world.table.leases().take(5, HOUR, "scan");
        for (int i = 0; i < 5; i++) {
            lease.renew(5);
        }
        assertEquals(1, objects().size());
        assertTrue(objects().get(0).endsWith("/6"), objects().toString());
        assertEquals(5, keeps(lease));
    }

    @Test
    void whoComesTooLateIsToldTheEarliest() throws Exception {
        world.settle(world.table.expiry());
        long earliest = world.chain.earliestId().orElseThrow();
        CatalogContract.assertRefused(ErrorCode.SNAPSHOT_EXPIRED, "is " + earliest, () -> world.table
                .leases()
                .take(earliest - 1, HOUR, "late"));
        assertEquals(
                earliest, world.table.leases().take(earliest, HOUR, "in time").oldestSnapshot());
        assertEquals(99, world.table.leases().take(99, HOUR, "waits").oldestSnapshot());
        assertEquals(earliest - 1, world.table.expiry().plan());
    }

    /** The boundary is published between the lease and the expirer's look at the leases; the deletes look again. */
    @Test
    void aLeaseThatTheBoundaryOvertookKeepsItsObjects() throws Exception {
        LeaseHandle[] lease = {null};
        FaultyObjectStore expirers = new FaultyObjectStore(world.warehouse, (call, path) -> {
            if (call == StoreCall.PUT_IF_ABSENT && path.contains("boundary/")) {
                lease[0] = taken(2);
            }
            return Optional.empty();
        });
        SnapshotExpiry expiry = world.open(expirers).expiry();
        Set<String> named = world.named(world.chain, 2);
        assertTrue(expiry.run().expired() > 2);
        assertEquals(2, lease[0].oldestSnapshot());
        world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
        assertEquals(1, world.open(world.warehouse).expiry().run().snapshots());
        assertTrue(ExpiryWorld.standing(world.root).containsAll(named), "all from 2 on stands");
        lease[0].close();
        world.settle(world.open(world.warehouse).expiry());
        SnapshotExpiryTest.assertExact(world, "after the race");
    }

    private LeaseHandle taken(long oldest) {
        try {
            return world.table.leases().take(oldest, HOUR, "racing");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void lostAnswersMakeNoSecondLease() throws Exception {
        for (Fault fault : List.of(Fault.RESPONSE_LOST, Fault.APPLIED_LATER, Fault.ERROR_BEFORE)) {
            for (int n = 1; n <= 3; n++) {
                FaultyObjectStore faulty = new FaultyObjectStore(
                        world.warehouse, FaultPolicy.at(n, StoreCall.PUT_IF_ABSENT, "consumers", fault));
                long earliest = world.chain.earliestId().orElseThrow();
                LeaseHandle lease = world.open(faulty).leases().take(earliest, HOUR, "scan");
                lease.renew(earliest + 1);
                assertEquals(
                        List.of(earliest + 1),
                        world.table.leases().read().stream()
                                .map(c -> c.newest().oldestSnapshot())
                                .toList());
                lease.close();
                faulty.settle();
                world.table.expiry().run();
                List<String> left = new ArrayList<>(objects());
                assertTrue(left.size() <= 1, left.toString());
                left.forEach(path -> remove(path));
            }
        }
    }

    private void remove(String path) {
        try {
            world.root.delete(path);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCorruptLeaseStopsExpiryAndStrangersAreLeftAlone() throws Exception {
        world.root.put("consumers/readme.txt", new byte[] {1});
        world.root.put("consumers/named/1", new byte[] {1});
        assertTrue(world.table.expiry().plan() > 0);
        String path = "consumers/lease-00000000-0000-0000-0000-000000000001/1";
        world.root.put(path, new byte[] {1});
        CatalogContract.assertRefused(
                ErrorCode.CORRUPT_FILE, path, () -> world.table.expiry().run());
        assertEquals(3, objects().size());
        assertEquals(0, world.root.list("boundary").size());
    }

    @Test
    void aSnapshotThatIsOneTooOldForTheBoundaryIsRefusedAtOnce() throws Exception {
        world.root.put(BoundaryChain.path(1), BoundaryCodec.write(new Boundary(5, 0), BoundaryChain.path(1)));
        CatalogContract.assertRefused(
                ErrorCode.SNAPSHOT_EXPIRED, "is 6", () -> world.table.leases().take(5, HOUR, "late"));
        Snapshot head = world.chain.latest().orElseThrow();
        assertTrue(head.id() > 6);
        assertThrows(IllegalArgumentException.class, () -> world.table.leases().take(0, HOUR, "none"));
        assertThrows(IllegalArgumentException.class, () -> world.table.leases().take(6, Duration.ZERO, "none"));
        assertThrows(
                IllegalArgumentException.class, () -> world.table.leases().take(6, Duration.ofDays(8), "too long"));
    }
}
