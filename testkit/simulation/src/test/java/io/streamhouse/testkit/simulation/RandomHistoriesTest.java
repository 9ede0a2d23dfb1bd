package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.Mark;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomHistoriesTest {
    private static final int THREADS = 2;
    private static final int HISTORIES = 5_000;
    private static final int COMMITS = 30_000;
    private static final int FULL = 20_000;
    private static final int MUTANT_HISTORIES = 3_000;
    private static final long MUTANT_SEED = 5;
    private static final int FEW_MOVES = 20;
    private static final int OTHERS = 4;
    private static final int PLANTED = 6;

    @Test
    void everySnapshotOfEveryHistoryIsTheModels() {
        check(HISTORIES, Seeds.of("random-histories"));
    }

    @Test
    @Tag("full")
    void everySnapshotOfManyMoreHistoriesIsTheModels() {
        check(FULL, Seeds.of("random-histories-full"));
    }

    private static void check(int histories, long seed) {
        long start = System.nanoTime();
        HistoryReport report = RandomHistories.run(histories, seed, Mutant.NONE, THREADS, done -> {});
        System.out.printf("%s%n%.1f s%n", report, (System.nanoTime() - start) / 1e9);
        report.failure().ifPresent(f -> {
            throw new AssertionError(RandomHistories.shortened(f, Mutant.NONE).explained(Mutant.NONE), f.error());
        });
        assertEquals(histories, report.count(HistoryEvent.HISTORIES));
        assertTrue(report.count(HistoryEvent.HISTORIES_SHARING_NOTHING) * 2 >= histories, "sharing nothing");
        assertTrue(report.mean(HistoryEvent.STORE_CALLS) >= 200, "calls of the store");
        assertTrue(report.mean(HistoryEvent.COMMITS) >= 8, "commits a history");
        assertTrue(report.count(HistoryEvent.COMMITS) >= COMMITS, "commits");
        assertTrue(report.mean(HistoryEvent.CONFLICTS) >= 1, "conflicts a history");
        assertTrue(
                report.count(HistoryEvent.LOST_RESPONSES) * 5 >= report.count(HistoryEvent.FAULTS), "lost responses");
        // the one wide history of four thousand may be one that has no delta of this size
        Set<HistoryEvent> expected = EnumSet.allOf(HistoryEvent.class);
        if (histories < FULL) {
            expected.removeAll(Set.of(HistoryEvent.STORED_PAYLOADS, HistoryEvent.MASK_OBJECTS));
        }
        for (HistoryEvent event : expected) {
            assertTrue(report.count(event) > 0, () -> "never seen: " + event.words());
        }
        for (Mark mark : Mark.values()) {
            assertTrue(report.count(mark) > 0, () -> "never reached: " + mark.words());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aRuleLeftOutIsNoticedAndShownInFewMoves(Mutant mutant) {
        long seed = Long.getLong("streamhouse.seed", MUTANT_SEED);
        HistoryFailure failure =
                noticed(mutant, seed).orElseThrow(() -> new AssertionError(mutant + " was not noticed"));
        HistoryFailure shortest = RandomHistories.shortened(failure, mutant);
        // a history of hundreds of moves may end in many that only together do it: others show the same in few
        for (int others = 0; others < OTHERS && shortest.moves() > FEW_MOVES; others++) {
            Optional<HistoryFailure> next = noticed(mutant, failure.schedule().seed() + 1);
            if (next.isEmpty()) {
                break;
            }
            failure = next.get();
            shortest = RandomHistories.shortened(failure, mutant);
        }
        int moves = shortest.moves();
        System.out.printf(
                "%s: noticed after %d histories from seed %d on%n%s%n",
                mutant, failure.schedule().seed() - seed + 1, seed, shortest.explained(mutant));
        assertTrue(shortest.moves() <= failure.moves(), "the shortest is longer");
        assertTrue(moves <= FEW_MOVES, () -> "not few moves: " + moves);
        Schedule repeated =
                Schedule.parse(shortest.schedule().seed(), shortest.schedule().toString());
        assertEquals(
                shortest.trace(),
                RandomHistories.run(repeated, mutant).failure().orElseThrow().trace());
    }

    private static Optional<HistoryFailure> noticed(Mutant mutant, long seed) {
        return RandomHistories.run(MUTANT_HISTORIES, seed, mutant, THREADS, done -> {})
                .failure();
    }

    @Test
    void plantedDamageGivesTheRowsOrAnErrorThatNamesTheObject() throws IOException {
        long seed = Seeds.of("planted-damage");
        for (int i = 0; i < PLANTED; i++) {
            PlantedDamage damage = new PlantedDamage(seed + i, Mutant.NONE);
            damage.prepare();
            damage.run();
        }
    }

    @Test
    void equalSeedsGiveEqualHistoriesAndOthersDiffer() {
        HistoryReport once = RandomHistories.run(6, 77, Mutant.NONE);
        HistoryReport again = RandomHistories.run(6, 77, Mutant.NONE, THREADS, done -> {});
        assertEquals(once.traceHash(), again.traceHash());
        assertEquals(once.counts(), again.counts());
        long distinct = LongStream.range(77, 83)
                .map(seed -> RandomHistories.run(1, seed, Mutant.NONE).traceHash())
                .distinct()
                .count();
        assertEquals(6, distinct);
        assertNotEquals(
                once.traceHash(), RandomHistories.run(6, 78, Mutant.NONE).traceHash());
    }

    @Test
    void aHistoryOfAllItsOwnChoicesIsTheSameHistory() {
        Schedule whole = Schedule.of(4711);
        Schedule none = Schedule.parse(4711, "");
        assertEquals(
                RandomHistories.run(1, 4711, Mutant.NONE).traceHash(),
                RandomHistories.run(whole, Mutant.NONE).traceHash());
        assertNotEquals(
                RandomHistories.run(whole, Mutant.NONE).traceHash(),
                RandomHistories.run(none, Mutant.NONE).traceHash());
        assertEquals("3,7i0f1+one-job", Schedule.parse(1, "3,7i0f1+one-job").toString());
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse(1, "3,x"));
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse(1, "3+two-jobs"));
    }
}
