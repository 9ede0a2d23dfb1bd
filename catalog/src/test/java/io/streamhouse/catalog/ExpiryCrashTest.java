package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Expiry dies or fails at each of its calls, or meets another one there. */
class ExpiryCrashTest {
    private static ExpiryWorld world(long seed) throws Exception {
        ExpiryWorld world = new ExpiryWorld(seed, ExpiryWorld.FEW);
        world.commit(45);
        return world;
    }

    private static FaultPolicy nth(int n, Fault fault, AtomicInteger calls) {
        return (call, path) -> calls.incrementAndGet() == n ? Optional.of(fault) : Optional.empty();
    }

    /** Both steps by one process; true if it came to the end. */
    private static boolean bothSteps(ExpiryWorld world, FaultyObjectStore store) throws Exception {
        try {
            SnapshotExpiry expiry = world.open(store).expiry();
            expiry.run();
            world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
            expiry.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void afterACrashAtAnyCallTheNextRunEndsWhereItWouldHave() throws Exception {
        long seed = Seeds.of("ExpiryCrashTest.crash");
        int crashes = 0;
        boolean done = false;
        for (int n = 1; !done; n += n < 25 ? 1 : 6) {
            done = true;
            for (Fault fault : new Fault[] {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}) {
                ExpiryWorld world = world(seed);
                FaultyObjectStore store = new FaultyObjectStore(world.warehouse, nth(n, fault, new AtomicInteger()));
                boolean survived = bothSteps(world, store);
                done &= survived && !store.isCrashed();
                crashes += store.isCrashed() ? 1 : 0;
                world.settle(world.open(world.warehouse).expiry());
                SnapshotExpiryTest.assertExact(world, fault + " at call " + n);
                assertTrue(world.open(world.warehouse).snapshots().earliestId().orElseThrow() > 30);
            }
        }
        System.out.println("ExpiryCrashTest: " + crashes + " crashes");
        assertTrue(crashes > 40, crashes + " crashes");
    }

    @Test
    void aFailedCallDeletesNothingUnlessTheDeletesHaveBegun() throws Exception {
        long seed = Seeds.of("ExpiryCrashTest.failure");
        int stopped = 0;
        ExpiryWorld world = world(seed);
        world.table.expiry().run();
        world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
        Set<String> before = ExpiryWorld.standing(world.root);
        boolean deleting = false;
        for (int n = 1; !deleting; n++) {
            AtomicInteger calls = new AtomicInteger();
            boolean[] deletes = {false};
            int failing = n;
            FaultyObjectStore store = new FaultyObjectStore(world.warehouse, (call, path) -> {
                deletes[0] |= call == io.streamhouse.testkit.StoreCall.DELETE && !path.contains("consumers");
                return calls.incrementAndGet() == failing && !deletes[0]
                        ? Optional.of(Fault.ERROR_BEFORE)
                        : Optional.empty();
            });
            try {
                world.open(store).expiry().run();
            } catch (IOException | StreamhouseException e) {
                stopped++;
                assertEquals(before, ExpiryWorld.standing(world.root), "call " + n);
                continue;
            }
            // a hint that cannot be read is no matter; then everything was deleted, and the world begins anew
            deleting =
                    calls.get() < n || deletes[0] && store.report().injected().isEmpty();
            world = world(seed);
            world.table.expiry().run();
            world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
            before = ExpiryWorld.standing(world.root);
        }
        System.out.println("ExpiryCrashTest: stopped by " + stopped + " failures");
        assertTrue(stopped > 30, stopped + " failures");
    }

    @Test
    void twoExpirersInEachOthersCallsLeaveWhatOneWouldLeave() throws Exception {
        long seed = Seeds.of("ExpiryCrashTest.two");
        for (int n = 1; n < 120; n += n < 20 ? 1 : 9) {
            ExpiryWorld world = world(seed);
            AtomicInteger calls = new AtomicInteger();
            int at = n;
            SnapshotExpiry other = world.open(world.warehouse).expiry();
            SnapshotExpiry stalled = world.open(new InterruptedStore(world.warehouse, () -> {
                        if (calls.incrementAndGet() == at) {
                            for (int i = 0; i < 3; i++) {
                                other.run();
                                world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
                                world.commit();
                            }
                        }
                    }))
                    .expiry();
            for (int i = 0; i < 3; i++) {
                stalled.run();
                world.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
                world.commit();
            }
            world.settle(other);
            SnapshotExpiryTest.assertExact(world, "the other one ran at call " + n);
        }
    }
}
