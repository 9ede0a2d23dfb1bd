package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.lake.PinnedPositions.Fate;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The model names every row by a number and keeps files as lists of such names. */
class PinnedPositionsTest {
    private final Map<UUID, List<Integer>> files = new TreeMap<>();
    private final Set<Integer> masked = new TreeSet<>();
    private int nextFile;
    private int nextRow;

    private UUID newFile(List<Integer> rows) {
        UUID id = new UUID(1, ++nextFile);
        files.put(id, new ArrayList<>(rows));
        return id;
    }

    private void fill(Random random, int count) {
        for (int f = 0; f < count; f++) {
            List<Integer> rows = new ArrayList<>();
            for (int i = random.nextInt(200); i >= 0; i--) {
                rows.add(nextRow++);
            }
            newFile(rows);
        }
    }

    private int[] maskOf(UUID file) {
        List<Integer> rows = files.get(file);
        return java.util.stream.IntStream.range(0, rows.size())
                .filter(i -> masked.contains(rows.get(i)))
                .toArray();
    }

    /** Interleaves the unmasked rows of some files at random into some outputs. */
    private PositionMap compact(Random random, List<UUID> inputs) {
        List<PositionMap.Input> in = new ArrayList<>();
        List<Integer> turns = new ArrayList<>();
        List<List<Integer>> left = new ArrayList<>();
        for (UUID file : inputs) {
            List<Integer> rows = files.remove(file);
            files.put(file, rows);
            int[] mask = maskOf(file);
            in.add(new PositionMap.Input(file, 1, rows.size(), mask));
            List<Integer> visible =
                    rows.stream().filter(r -> !masked.contains(r)).toList();
            visible.forEach(r -> turns.add(in.size() - 1));
            left.add(new ArrayList<>(visible));
        }
        Collections.shuffle(turns, random);
        byte[] inputOf = new byte[turns.size()];
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < inputOf.length; i++) {
            inputOf[i] = (byte) (int) turns.get(i);
            rows.add(left.get(turns.get(i)).remove(0));
        }
        List<PositionMap.Output> out = new ArrayList<>();
        int at = 0;
        while (at < rows.size()) {
            int to = Math.min(rows.size(), at + random.nextInt(150));
            out.add(new PositionMap.Output(newFile(rows.subList(at, to)), to - at));
            at = to;
        }
        inputs.forEach(files::remove);
        return new PositionMap(in, out, inputOf);
    }

    @Test
    void positionsAreWhereTheModelHasTheirRowsAfterAnyCompactionsAndMasks() {
        Random random = new Random(Seeds.of("pinned-positions"));
        for (int round = 0; round < 200; round++) {
            files.clear();
            masked.clear();
            fill(random, 4);
            List<UUID> pinnedFiles = new ArrayList<>();
            List<Integer> pinnedPositions = new ArrayList<>();
            List<Integer> names = new ArrayList<>();
            files.forEach((file, rows) -> {
                for (int i = 0; i < rows.size(); i++) {
                    if (random.nextInt(3) > 0) {
                        pinnedFiles.add(file);
                        pinnedPositions.add(i);
                        names.add(rows.get(i));
                    }
                }
            });
            PinnedPositions pinned = new PinnedPositions(
                    pinnedFiles.toArray(UUID[]::new),
                    pinnedPositions.stream().mapToInt(p -> p).toArray());
            Set<Integer> skipped = new TreeSet<>();
            Set<Integer> lost = new TreeSet<>();
            for (int step = 0; step < 8; step++) {
                Fate fate = random.nextInt(5) == 0 ? Fate.LOST : Fate.SKIPPED;
                switch (random.nextInt(4)) {
                    case 0 -> {
                        List<UUID> live = new ArrayList<>(files.keySet());
                        Collections.shuffle(live, random);
                        pinned.move(
                                MovedPositions.of(compact(random, live.subList(0, random.nextInt(live.size() + 1)))));
                    }
                    case 1 -> {
                        UUID gone = files.keySet().iterator().next();
                        for (int row : files.remove(gone)) {
                            if (masked.add(row) && names.contains(row)) {
                                (fate == Fate.LOST ? lost : skipped).add(row);
                            }
                        }
                        pinned.remove(file -> !files.containsKey(file), fate);
                    }
                    default -> {
                        List<FileMask> masks = new ArrayList<>();
                        files.forEach((file, rows) -> {
                            List<Integer> positions = new ArrayList<>();
                            for (int i = 0; i < rows.size(); i++) {
                                if (random.nextInt(12) == 0 && masked.add(rows.get(i))) {
                                    positions.add(i);
                                    if (names.contains(rows.get(i))) {
                                        (fate == Fate.LOST ? lost : skipped).add(rows.get(i));
                                    }
                                }
                            }
                            if (!positions.isEmpty()) {
                                masks.add(new FileMask(
                                        file,
                                        positions.stream().mapToInt(p -> p).toArray()));
                            }
                        });
                        pinned.mask(masks, fate);
                    }
                }
                fill(random, 1);
            }
            assertEquals(skipped.size(), pinned.skippedCount());
            assertEquals(lost.size(), pinned.lostCount());
            for (int i = 0; i < names.size(); i++) {
                int name = names.get(i);
                assertEquals(!skipped.contains(name) && !lost.contains(name), pinned.stands(i));
                if (pinned.stands(i)) {
                    assertEquals(name, files.get(pinned.file(i)).get(pinned.position(i)));
                }
            }
        }
    }

    @Test
    void rowsLeftBehindHaveNoPlaceAndForeignPositionsAreRefused() {
        UUID a = new UUID(5, 1);
        UUID b = new UUID(5, 2);
        UUID empty = new UUID(6, 0);
        UUID out = new UUID(6, 1);
        MovedPositions moved = MovedPositions.of(new PositionMap(
                List.of(new PositionMap.Input(a, 1, 3, new int[] {1}), new PositionMap.Input(b, 2, 1, new int[0])),
                List.of(new PositionMap.Output(empty, 0), new PositionMap.Output(out, 3)),
                new byte[] {0, 1, 0}));
        assertEquals(-1, moved.outputRow(a, 1));
        assertEquals(2, moved.outputRow(a, 2));
        assertEquals(out, moved.file(0));
        assertEquals(2, moved.position(2));
        assertTrue(moved.moved(b) && !moved.moved(out));
        assertThrows(IllegalArgumentException.class, () -> moved.outputRow(a, 3));
    }

    @Test
    void onePositionIsReplacedOnce() {
        UUID a = new UUID(5, 1);
        assertThrows(IllegalArgumentException.class, () -> new PinnedPositions(new UUID[] {a, a}, new int[] {4, 4}));
    }
}
