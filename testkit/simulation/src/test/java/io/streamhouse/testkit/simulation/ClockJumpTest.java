package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Start;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Processes whose clocks are a year apart, or jump by one: time decides nothing but how long the past is kept. */
class ClockJumpTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final long NOW = 1_767_225_600_000L;
    private static final int KEPT = 10;
    private static final int ROUNDS = 6;

    private ObjectStore store = ObjectStores.memory();

    private Table create(ManualClock clock) throws IOException {
        return PlainProgram.create(
                PlainProgram.components(store, clock, 1),
                Map.of("snapshot.time-retained", "1 h", "snapshot.num-retained.min", Integer.toString(KEPT)));
    }

    private Table open(ManualClock clock, long seed) throws IOException {
        return PlainProgram.open(PlainProgram.components(store, clock, seed));
    }

    /** Commit times of all readable snapshots never fall; the table is what the programs wrote. */
    private static void check(Table table, Map<Long, String> expected) throws IOException {
        long head = table.snapshots().latest().orElseThrow().id();
        long last = Long.MIN_VALUE;
        for (Snapshot s : table.snapshots().list(1, head)) {
            assertTrue(s.timeMillis() >= last, () -> "snapshot " + s.id() + " is older than the one before");
            last = s.timeMillis();
        }
        PlainProgram.check(table, expected);
    }

    /** Two writers of one table, a subscriber and an expirer, each with a clock of its own that jumps at random. */
    @Test
    void clocksThatJumpByAYearLoseNothingAndTimesNeverFall() throws IOException {
        long seed = Seeds.of("ClockJumpTest");
        long expired = 0;
        long back = 0;
        // a committer that jumps ahead first keeps everything young for the rest of its round
        for (int round = 0; round < ROUNDS; round++) {
            store = ObjectStores.memory();
            Jumped jumped = jump(Seeds.derive(seed, round));
            expired += jumped.expired;
            back += jumped.back;
        }
        assertTrue(back > 0 && expired > 0, back + " jumps back, " + expired + " expired, seed " + seed);
    }

    /** What happened in a round: jumps back of a clock, and snapshots that expired. */
    private record Jumped(long back, long expired) {}

    private Jumped jump(long seed) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        List<ManualClock> clocks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clocks.add(ManualClock.atMillis(NOW));
        }
        create(clocks.get(0));
        Table subscribed = open(clocks.get(2), seed + 2);
        SnapshotExpiry expiry = open(clocks.get(3), seed + 3).expiry();
        long expired = 0;
        int back = 0;
        PlainProgram.Fold replica = new PlainProgram.Fold();
        TreeMap<Long, String> expected = new TreeMap<>();
        try (PlainProgram one = PlainProgram.start(open(clocks.get(0), seed), seed, 0, 40, 20);
                PlainProgram two = PlainProgram.start(open(clocks.get(1), seed + 1), seed + 1, 1_000, 40, 20);
                ChangelogReader reader =
                        Changelog.of(subscribed).from(Start.earliest()).open()) {
            for (int step = 0; step < 200; step++) {
                ManualClock clock = clocks.get(random.nextInt(4));
                int jump = random.nextInt(12);
                clock.advance(jump == 0 ? YEAR : jump == 1 ? YEAR.negated() : Duration.ofSeconds(random.nextInt(90)));
                back += jump == 1 ? 1 : 0;
                (random.nextBoolean() ? one : two).commitNext(10);
                expired += expiry.run().expired();
                Table seen = open(clocks.get(0), seed + 4);
                long head = seen.snapshots().latest().orElseThrow().id();
                long earliest = seen.snapshots().earliestId().orElseThrow();
                assertTrue(earliest <= Math.max(1, head - KEPT + 1), "only " + earliest + " to " + head + " are left");
                while (replica.poll(reader, Duration.ZERO)) {
                    // up to the newest commit
                }
                expected.clear();
                expected.putAll(one.acknowledged());
                expected.putAll(two.acknowledged());
                assertEquals(expected, replica.rows, "seed " + seed);
            }
        }
        check(open(clocks.get(0), seed + 5), expected);
        return new Jumped(back, expired);
    }

    @Test
    void aClockThatIsAYearAheadLetsNothingGoThatIsYoung() throws IOException {
        ManualClock clock = ManualClock.atMillis(NOW);
        try (PlainProgram program = PlainProgram.start(create(clock), 7, 40, 20)) {
            for (int i = 0; i < 30; i++) {
                clock.advance(Duration.ofSeconds(30));
                program.commitNext(10);
            }
            SnapshotExpiry ahead =
                    open(ManualClock.atMillis(NOW + YEAR.toMillis()), 8).expiry();
            SnapshotExpiry behind =
                    open(ManualClock.atMillis(NOW - YEAR.toMillis()), 9).expiry();
            for (int i = 0; i < 3; i++) {
                assertTrue(ahead.run().isIdle());
                assertTrue(behind.run().isIdle());
            }
            check(open(clock, 10), program.acknowledged());
            assertEquals(1, open(clock, 10).snapshots().earliestId().orElseThrow());
            assertEquals(program.acknowledged(), PlainProgram.folded(open(clock, 10)));
        }
    }

    /** A lease ends when the clock and the newest commit say so: neither one alone ends it. */
    @Test
    void aLeaseThatIsRenewedHoldsBesideClocksThatJump() throws IOException {
        ManualClock right = ManualClock.atMillis(NOW);
        ManualClock ahead = ManualClock.atMillis(NOW + YEAR.toMillis());
        ManualClock behind = ManualClock.atMillis(NOW - YEAR.toMillis());
        Table table = create(right);
        try (PlainProgram program = PlainProgram.start(table, 7, 40, 20)) {
            LeaseHandle lease = open(right, 9).leases().take(1, Duration.ofMinutes(10), "reader");
            program.commitNext(10);
            lease.renew(2);
            for (int i = 0; i < 30; i++) {
                right.advance(Duration.ofMinutes(5));
                lease.renewIfDue(2);
                program.commitNext(10);
            }
            assertEquals(1, table.expiry().plan(), "one that is right");
            assertEquals(1, open(ahead, 10).expiry().plan(), "one that is ahead of all commits");
            assertEquals(0, open(behind, 11).expiry().plan(), "one that is behind");
            try (PlainProgram wild = PlainProgram.start(open(ahead, 12), 8, 1_000, 40, 20)) {
                wild.commitNext(10);
                assertEquals(1, table.expiry().plan(), "commits are ahead, the expirer is right");
                lease.renew(2);
                assertEquals(1, open(ahead, 13).expiry().plan(), "both are ahead, and the reader was there since");
                lease.close();
                assertTrue(table.expiry().run().expired() > 10);
                TreeMap<Long, String> expected = new TreeMap<>(program.acknowledged());
                expected.putAll(wild.acknowledged());
                check(open(right, 14), expected);
            }
        }
    }

    /** Set back by a year, a program commits on with its parent's time and expires what an hour of it lets go. */
    @Test
    void aClockThatIsSetBackHoldsNothingUp() throws IOException {
        ManualClock clock = ManualClock.atMillis(NOW);
        Table table = create(clock);
        try (PlainProgram program = PlainProgram.start(table, 7, 40, 20)) {
            program.commitNext(10);
            long time = table.snapshots().latest().orElseThrow().timeMillis();
            clock.advance(YEAR.negated());
            for (int i = 0; i < 30; i++) {
                clock.advance(Duration.ofMinutes(10));
                program.commitNext(10);
                assertEquals(time, table.snapshots().latest().orElseThrow().timeMillis());
            }
            check(open(clock, 8), program.acknowledged());
            assertEquals(0, table.expiry().plan(), "all commits carry a time of this hour");
            clock.advance(YEAR.plusDays(1));
            program.commitNext(10);
            SnapshotExpiry expiry = table.expiry();
            assertEquals(23, expiry.run().expired());
            // a boundary from the future is no reason to delete early
            clock.advance(YEAR.negated());
            assertEquals(0, expiry.run().snapshots());
            clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
            assertEquals(23, expiry.run().snapshots());
            check(open(clock, 9), program.acknowledged());
            StreamhouseException late = assertThrows(
                    StreamhouseException.class, () -> open(clock, 9).snapshots().snapshot(23));
            assertEquals(ErrorCode.SNAPSHOT_EXPIRED, late.code());
        }
    }
}
