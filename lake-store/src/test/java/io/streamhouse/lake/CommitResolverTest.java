package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.lake.CommitResolver.Resolution;
import io.streamhouse.lake.CommitResolver.Rules;
import io.streamhouse.lake.LakeWorld.Change;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Each part of the rule on trees made by hand, then all of it against a map. */
class CommitResolverTest {
    private final LakeWorld world = LakeWorld.of(2);

    private static DataFile file(TableDelta delta) {
        return delta.files().get(0);
    }

    /** Position of a key in the delta's only file. */
    private int position(TableDelta delta, long key) throws IOException {
        List<io.streamhouse.spec.Row> rows = world.rows(file(delta));
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).value(0).equals(key)) {
                return i;
            }
        }
        throw new AssertionError("no key " + key);
    }

    private void assertMasks(Resolution resolution, TableDelta holder, long... keys) throws IOException {
        assertEquals(1, resolution.masks().size());
        FileMask mask = resolution.masks().get(0);
        assertEquals(file(holder).object().id(), mask.file());
        int[] expected = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            expected[i] = position(holder, keys[i]);
        }
        java.util.Arrays.sort(expected);
        assertArrayEquals(expected, mask.positions());
    }

    private static void assertCounts(Resolution resolution, long inserted, long updated, long deleted) {
        DeltaCounts c = resolution.counts();
        assertEquals(List.of(inserted, updated, deleted), List.of(c.inserted(), c.updated(), c.deleted()));
    }

    private void assertTable(Map<Long, ?> model) throws IOException {
        assertEquals(new TreeMap<>(model), world.rows());
        assertEquals(model.size(), world.countedRows());
        assertEquals(LakeWorld.digestOf(model.keySet()), world.summedDigest());
    }

    @Test
    void withNothingNewAtTheHeadTheFoundPositionIsTheTargetAndNoKeyIsRead() throws IOException {
        TableDelta first = world.flush(0, Change.put(1L, 10L), Change.put(2L, 20L));
        world.commit(first);
        TableDelta second = world.flush(1, Change.put(1L, 11L));
        CommitDelta delta = world.delta(second);
        var before = world.store.counts();
        Resolution resolution = world.resolver.prepare(delta).resolve(world.view());
        assertEquals(0, world.store.counts().since(before).readCount());
        assertEquals(0, resolution.examinedRows());
        assertMasks(resolution, first, 1);
        assertCounts(resolution, 0, 1, 0);
    }

    @Test
    void theTargetIsThePositionThatIsVisibleAtTheHead() throws IOException {
        TableDelta base = world.flush(0, Change.put(1L, 10L));
        world.commit(base);
        TableDelta late = world.flush(1, Change.put(1L, 12L));
        TableDelta other = world.flush(1, Change.put(1L, 11L));
        world.commit(other);
        Resolution resolution = world.commit(late);
        assertMasks(resolution, other, 1);
        assertCounts(resolution, 0, 1, 0);
        assertTable(Map.of(1L, 12L));
    }

    @Test
    void aKeyThatWasDeletedMeanwhileIsInserted() throws IOException {
        world.commit(world.flush(0, Change.put(1L, 10L)));
        TableDelta late = world.flush(1, Change.put(1L, 12L));
        assertEquals(1, late.counts().updated());
        world.commit(world.flush(1, Change.delete(1)));
        Resolution resolution = world.commit(late);
        assertEquals(List.of(), resolution.masks());
        assertCounts(resolution, 1, 0, 0);
        assertTable(Map.of(1L, 12L));
    }

    @Test
    void aDeleteThatFoundNothingTakesWhatWasInsertedMeanwhile() throws IOException {
        TableDelta late = world.flush(0, Change.delete(1));
        assertEquals(0, late.counts().deleted());
        TableDelta other = world.flush(0, Change.put(1L, 11L));
        world.commit(other);
        Resolution resolution = world.commit(late);
        assertMasks(resolution, other, 1);
        assertCounts(resolution, 0, 0, 1);
        assertTable(Map.of());
    }

    @Test
    void aDeleteOfWhatAnotherHasDeletedCountsNothing() throws IOException {
        world.commit(world.flush(0, Change.put(1L, 10L)));
        TableDelta late = world.flush(1, Change.delete(1));
        assertEquals(1, late.counts().deleted());
        world.commit(world.flush(1, Change.delete(1)));
        Resolution resolution = world.commit(late);
        assertEquals(List.of(), resolution.masks());
        assertCounts(resolution, 0, 0, 0);
        assertTable(Map.of());
    }

    @Test
    void ownCommitsInFlightAreLookedUpLikeThoseOfOthers() throws IOException {
        TableDelta first = world.flush(0, Change.put(1L, 1L), Change.put(2L, 1L));
        TableDelta second = world.flush(0, Change.put(1L, 2L), Change.delete(2));
        TableDelta third = world.flush(0, Change.put(1L, 3L), Change.put(2L, 3L));
        world.commit(first);
        world.commit(second);
        world.commit(third);
        assertTable(Map.of(1L, 3L, 2L, 3L));
    }

    @Test
    void ofTwoWritersOfOneCommitTheLaterOneSupersedesTheEarlier() throws IOException {
        TableDelta base = world.flush(0, Change.put(1L, 10L), Change.put(2L, 20L), Change.put(3L, 30L));
        world.commit(base);
        TableDelta one = world.flush(0, 1, List.of(Change.put(1L, 11L), Change.put(4L, 41L), Change.delete(2)));
        TableDelta two = world.flush(1, 1, List.of(Change.put(1L, 12L), Change.delete(4), Change.put(2L, 22L)));
        world.commit(one, two);
        assertTable(Map.of(1L, 12L, 2L, 22L, 3L, 30L));
    }

    @Test
    void afterALostRaceOnlyWhatCameSinceIsLookedAt() throws IOException {
        List<Change> many = new ArrayList<>();
        for (long id = 0; id < 1_000; id++) {
            many.add(Change.put(id, 0L));
        }
        world.commit(world.flush(0, 0, many));
        TableDelta late = world.flush(0, Change.put(5L, 1L), Change.put(2_000L, 1L));
        CommitDelta delta = world.delta(late);
        CommitResolver.Prepared prepared = world.resolver.prepare(delta);
        Resolution lost = prepared.resolve(world.view());
        assertTrue(lost.examinedRows() > 100, () -> lost.examinedRows() + " rows");
        TableDelta rival = world.flush(1, Change.put(5L, 2L), Change.put(2_000L, 2L));
        world.commit(rival);
        Resolution won = prepared.resolve(world.view());
        assertEquals(file(rival).rowCount(), won.examinedRows());
        assertMasks(won, rival, 5, 2_000);
        assertCounts(won, 0, 2, 0);
        world.publish(delta, won);
        TreeMap<Long, Object> model = new TreeMap<>();
        for (long id = 0; id < 1_000; id++) {
            model.put(id, 0L);
        }
        model.put(5L, 1L);
        model.put(2_000L, 1L);
        assertTable(model);
    }

    @Test
    void filesOfOtherBucketsAndKeyRangesAreNotLookedAt() throws IOException {
        TableDelta far = world.flush(0, 0, List.of(Change.put(10_000L, 0L), Change.put(10_001L, 0L)));
        TableDelta late = world.flush(0, Change.put(1L, 1L));
        world.commit(far);
        assertEquals(0, world.commit(late).examinedRows());
    }

    @Test
    void afterAHundredCommitsOfOthersOnlyFilesOfTouchedBucketsAreExamined() throws IOException {
        LakeWorld wide = LakeWorld.of(64);
        TableDelta late = wide.flush(0, Change.put(7L, 1L));
        int bucket = file(late).slices().get(0).bucket();
        long there = 0;
        for (int commit = 0; commit < 100; commit++) {
            List<Change> changes = new ArrayList<>();
            for (long id = 0; id < 40; id++) {
                changes.add(Change.put(id, (long) commit));
            }
            TableDelta other = wide.flush(0, wide.head(), changes);
            there += file(other).slices().stream()
                    .filter(s -> s.bucket() == bucket)
                    .mapToLong(s -> s.rowCount())
                    .sum();
            wide.commit(other);
        }
        Resolution resolution = wide.commit(late);
        assertEquals(there, resolution.examinedRows());
        assertTrue(there < 100 * 40 / 8, "the bucket holds a part of the rows: " + there);
    }

    /** Jobs with stale bases, several writers a commit, lost races; after each commit the table is the model. */
    private void history(long seed, Rules rules) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        LakeWorld lake = LakeWorld.of(1 + random.nextInt(3));
        CommitResolver resolver = lake.resolver(rules);
        TreeMap<Long, Object> model = new TreeMap<>();
        long value = 0;
        for (int commit = 0; commit < 25; commit++) {
            List<TableDelta> parts = new ArrayList<>();
            List<Change> all = new ArrayList<>();
            long newestBase = 0;
            int writers = 1 + random.nextInt(3);
            for (int w = 0; w < writers; w++) {
                List<Change> changes = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    long id = random.nextInt(12);
                    changes.add(random.nextInt(3) == 0 ? Change.delete(id) : Change.put(id, ++value));
                }
                long base = Math.max(0, lake.head() - random.nextInt(4));
                newestBase = Math.max(newestBase, base);
                parts.add(lake.flush(w, base, changes));
                all.addAll(changes);
            }
            CommitDelta delta = lake.delta(parts.toArray(TableDelta[]::new));
            CommitResolver.Prepared prepared = resolver.prepare(delta);
            for (long lost = newestBase; lost < lake.head(); lost += 1 + random.nextInt(2)) {
                prepared.resolve(lake.view(lost));
            }
            Resolution resolution = prepared.resolve(lake.view());
            assertEquals(resolver.prepare(delta).resolve(lake.view()).counts(), resolution.counts(), "lost races");
            lake.publish(delta, resolution);
            for (Change c : all) {
                Long id = (Long) c.row().value(0);
                if (c.kind().isRetraction()) {
                    model.remove(id);
                } else {
                    model.put(id, c.row().value(1));
                }
            }
            assertEquals(model, lake.rows(), () -> "seed " + seed);
            assertEquals(model.size(), lake.countedRows(), () -> "seed " + seed);
            assertEquals(LakeWorld.digestOf(model.keySet()), lake.summedDigest(), () -> "seed " + seed);
        }
    }

    @Test
    void everyHistoryOfStaleWritersAndLostRacesEqualsTheModel() throws IOException {
        long seed = Seeds.of("resolver-histories");
        for (int i = 0; i < 40; i++) {
            history(Seeds.derive(seed, i), Rules.ALL);
        }
    }

    @Test
    void everyPartOfTheRuleIsNeeded() {
        long seed = Seeds.of("resolver-mutants", 42);
        for (Rules mutant :
                List.of(new Rules(false, true, true), new Rules(true, false, true), new Rules(true, true, false))) {
            assertThrows(
                    AssertionError.class,
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            history(Seeds.derive(seed, i), mutant);
                        }
                    },
                    mutant.toString());
        }
    }
}
