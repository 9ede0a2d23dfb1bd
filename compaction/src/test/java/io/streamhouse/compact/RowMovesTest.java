package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class RowMovesTest {
    @Test
    void everyPositionGoesWhereItsRowWent() {
        long seed = Seeds.of("RowMovesTest");
        RandomGenerator random = Seeds.random(seed);
        for (int round = 0; round < 60; round++) {
            Interleaved made = new Interleaved(random, 1 + random.nextInt(round % 6 == 0 ? 256 : 4));
            PositionMap map = PositionMapCodec.read(PositionMapCodec.write(made.map), "map");
            RowMoves moves = new RowMoves(map);
            RoaringBitmap[] expected = moves.noMasks();
            RoaringBitmap[] actual = moves.noMasks();
            for (int part = 0; part < 3; part++) {
                for (int i = 0; i < map.inputs().size(); i++) {
                    int[] chosen = made.choose(random, i);
                    moves.move(i, chosen, actual);
                    for (int position : chosen) {
                        int[] at = made.placeOf.get(i)[position];
                        expected[at[0]].add(at[1]);
                    }
                }
            }
            assertArrayEquals(expected, actual, "seed " + seed);
            int masks = 0;
            for (FileMask mask : moves.masks(actual)) {
                masks += mask.positions().length;
            }
            int moved = 0;
            for (RoaringBitmap b : expected) {
                moved += b.getCardinality();
            }
            assertEquals(moved, masks);
        }
    }

    @Test
    void aPositionThatWasMaskedAtTheBaseDidNotGoAnywhere() {
        PositionMap map = new PositionMap(
                List.of(new PositionMap.Input(new UUID(0, 1), 1, 3, new int[] {1})),
                List.of(new PositionMap.Output(new UUID(0, 2), 2)),
                new byte[2]);
        RowMoves moves = new RowMoves(map);
        assertThrows(IllegalArgumentException.class, () -> moves.move(0, new int[] {1}, moves.noMasks()));
    }

    /** A random interleave, made row by row together with where each row went. */
    private static final class Interleaved {
        final List<int[][]> placeOf = new ArrayList<>();
        final List<TreeSet<Integer>> left = new ArrayList<>();
        final PositionMap map;

        Interleaved(RandomGenerator random, int inputs) {
            List<PositionMap.Input> ins = new ArrayList<>();
            List<List<Integer>> visible = new ArrayList<>();
            int total = 0;
            for (int i = 0; i < inputs; i++) {
                int rows = 1 + random.nextInt(20_000 / inputs);
                int dead = random.nextInt(3);
                List<Integer> alive = new ArrayList<>();
                RoaringBitmap masked = new RoaringBitmap();
                for (int p = 0; p < rows; p++) {
                    if (random.nextInt(4) < dead) {
                        masked.add(p);
                    } else {
                        alive.add(p);
                    }
                }
                total += alive.size();
                visible.add(alive);
                placeOf.add(new int[rows][]);
                left.add(new TreeSet<>(alive));
                ins.add(new PositionMap.Input(new UUID(1, i), 1, rows, masked.toArray()));
            }
            int outputs = total == 0 ? 0 : 1 + random.nextInt(3);
            List<PositionMap.Output> outs = new ArrayList<>();
            int[] starts = new int[outputs + 1];
            for (int o = 0; o < outputs; o++) {
                starts[o + 1] = (int) ((long) total * (o + 1) / outputs);
                outs.add(new PositionMap.Output(new UUID(2, o), starts[o + 1] - starts[o]));
            }
            byte[] rows = new byte[total];
            int[] next = new int[inputs];
            int input = 0;
            int output = 0;
            for (int r = 0; r < total; r++) {
                while (next[input] == visible.get(input).size() || random.nextInt(3) == 0) {
                    input = random.nextInt(inputs);
                }
                while (r >= starts[output + 1]) {
                    output++;
                }
                rows[r] = (byte) input;
                placeOf.get(input)[visible.get(input).get(next[input]++)] = new int[] {output, r - starts[output]};
            }
            map = new PositionMap(ins, outs, rows);
        }

        /** Some positions not chosen before, ascending. */
        int[] choose(RandomGenerator random, int input) {
            List<Integer> out = new ArrayList<>();
            int in = 1 + random.nextInt(50);
            for (int p : left.get(input)) {
                if (random.nextInt(in) == 0) {
                    out.add(p);
                }
            }
            left.get(input).removeAll(out);
            return out.stream().mapToInt(p -> p).toArray();
        }
    }
}
