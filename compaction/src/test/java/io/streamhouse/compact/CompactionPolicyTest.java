package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.compact.CompactionPick.Reason;
import io.streamhouse.lake.BucketId;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactionPolicyTest {
    private static final long KB = 1 << 10;
    private static final long MB = 1 << 20;
    private static final CompactionTargets TARGETS = new CompactionTargets(256 * KB, 8 * MB, 128 * MB, 512 * MB);

    private long ids;

    private FileFacts file(long bytes, long rows, long dead) {
        return new FileFacts(new UUID(0, ++ids), Optional.empty(), bytes, rows, dead);
    }

    private FileFacts own(int bucket, long bytes, long rows, long dead) {
        return new FileFacts(new UUID(0, ++ids), Optional.of(new BucketId(Partition.NONE, bucket)), bytes, rows, dead);
    }

    private List<FileFacts> files(int count, long bytes) {
        List<FileFacts> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(file(bytes, 1000, 0));
        }
        return out;
    }

    private static Set<UUID> ids(List<FileFacts> files) {
        Set<UUID> out = new HashSet<>();
        files.forEach(f -> out.add(f.id()));
        return out;
    }

    private static List<CompactionPick> picks(List<FileFacts> files) {
        return CompactionPolicy.picks(files, TARGETS);
    }

    @Test
    void sevenFilesOfOneSizeStayAndEightAreMerged() {
        assertEquals(List.of(), picks(files(7, 3 * MB)));
        List<FileFacts> eight = files(8, 3 * MB);
        List<CompactionPick> picks = picks(eight);
        assertEquals(1, picks.size());
        assertEquals(Reason.FILES, picks.get(0).reason());
        assertEquals(ids(eight), ids(picks.get(0).files()));
    }

    @Test
    void filesBelowTheSmallSizeCountAsEqual() {
        List<FileFacts> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(file(KB << i, 10, 0));
        }
        assertEquals(8, picks(files).get(0).files().size());
    }

    @Test
    void theLargestSizeIsMergedTogetherWithEverythingSmaller() {
        List<FileFacts> files = files(8, 20 * MB);
        files.addAll(files(8, MB));
        files.addAll(files(3, KB));
        assertEquals(19, picks(files).get(0).files().size());
    }

    @Test
    void filesOfHalfTheTargetAreLeftAloneUntilTheyHoldGarbage() {
        List<FileFacts> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(own(3, 70 * MB, 1000, 200));
        }
        assertEquals(List.of(), picks(files));
        files.add(own(3, 128 * MB, 10_000, 9_000));
        List<CompactionPick> picks = picks(files);
        assertEquals(1, picks.size());
        assertEquals(Reason.GARBAGE, picks.get(0).reason());
        assertEquals(List.of(files.get(20)), picks.get(0).files());
    }

    @Test
    void bucketsWithFilesOfTheirOwnAreDecidedOneByOne() {
        List<FileFacts> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(own(i % 2, 20 * MB, 1000, 0));
            files.add(own(2, 20 * MB, 1000, 0));
            files.add(own(3, 20 * MB, 1000, i < 4 ? 700 : 0));
        }
        files.subList(21, 24).removeIf(f -> f.bucket().get().bucket() == 3);
        List<CompactionPick> picks = picks(files);
        assertEquals(2, picks.size());
        assertEquals(Reason.FILES, picks.get(0).reason());
        assertTrue(picks.get(0).files().stream().allMatch(f -> f.bucket().get().bucket() == 2));
        assertEquals(Reason.GARBAGE, picks.get(1).reason());
        assertEquals(4, picks.get(1).files().size());
    }

    @Test
    void aTaskIsBoundedInFilesAndBytesAndDebtIsNot() {
        List<FileFacts> many = files(1000, KB);
        assertEquals(256, picks(many).get(0).files().size());
        assertEquals(new CompactionDebt(1000 * KB, 1000), CompactionPolicy.debt(many, TARGETS));
        List<FileFacts> large = files(12, 60 * MB);
        assertEquals(8, picks(large).get(0).files().size());
        assertEquals(720 * MB, CompactionPolicy.debt(large, TARGETS).sizeBytes());
        FileFacts huge = own(0, 4096 * MB, 1000, 900);
        assertEquals(List.of(huge), picks(List.of(huge)).get(0).files());
    }

    @Test
    void aFileOfWhichNothingIsLeftGoesHoweverSmall() {
        FileFacts dead = file(KB, 10, 10);
        assertEquals(List.of(dead), picks(List.of(dead)).get(0).files());
        assertEquals(List.of(), picks(List.of(file(KB, 10, 9))));
    }

    @Test
    void everyFileIsPickedOnceAndRunningThePolicyToItsEndEnds() {
        long seed = Seeds.of("CompactionPolicyTest");
        RandomGenerator random = Seeds.random(seed);
        for (int round = 0; round < 200; round++) {
            List<FileFacts> files = new ArrayList<>();
            int n = random.nextInt(400);
            for (int i = 0; i < n; i++) {
                long bytes = (long) (KB * Math.pow(2, random.nextDouble() * 18));
                long rows = 1 + bytes / 100;
                long dead = random.nextInt(3) == 0 ? random.nextLong(rows + 1) : 0;
                files.add(random.nextBoolean() ? file(bytes, rows, dead) : own(random.nextInt(4), bytes, rows, dead));
            }
            int tasks = 0;
            for (List<CompactionPick> picks = picks(files); !picks.isEmpty(); picks = picks(files)) {
                Set<UUID> seen = new HashSet<>();
                for (CompactionPick p : picks) {
                    p.files().forEach(f -> assertTrue(seen.add(f.id())));
                }
                merge(files, picks.get(0));
                assertTrue(++tasks < 2000, "seed " + seed);
            }
            assertEquals(CompactionDebt.NONE, CompactionPolicy.debt(files, TARGETS));
        }
    }

    /** As a rewrite does it: what is visible, cut evenly at the target. */
    private void merge(List<FileFacts> files, CompactionPick pick) {
        files.removeAll(pick.files());
        double bytes = 0;
        long rows = 0;
        for (FileFacts f : pick.files()) {
            bytes += f.sizeBytes() * (1 - f.deadShare());
            rows += f.rowCount() - f.deadRows();
        }
        long pieces = (long) Math.ceil(bytes / (128 * MB));
        for (long i = 0; i < pieces && rows > 0; i++) {
            Optional<BucketId> bucket = pick.files().get(0).bucket();
            files.add(new FileFacts(
                    new UUID(0, ++ids), bucket, Math.max(1, (long) (bytes / pieces)), Math.max(1, rows / pieces), 0));
        }
    }

    /**
     * Uniform updates of a table of one bucket, 1 KiB a row: bytes written by flushes and compactions over bytes flushed,
     * garbage, files; measured in the last two thirds.
     */
    @ParameterizedTest
    @CsvSource({
        // rows, rows a flush, flushes, most write amplification, most garbage, most files
        "40000, 10000, 60, 3.0, 0.30, 12",
        "40000, 400, 900, 5.1, 0.22, 24",
        "100000, 100, 8000, 6.5, 0.22, 30"
    })
    void uniformUpdatesAreWrittenAFewTimesAndLeaveLittleGarbage(
            int keys, int flush, int flushes, double mostWritten, double mostGarbage, int mostFiles) {
        Simulation simulation = new Simulation(keys, Seeds.random(1));
        for (int step = 0; step < flushes; step++) {
            if (step == flushes / 3) {
                simulation.startMeasuring();
            }
            simulation.flush(flush);
        }
        System.out.printf(
                "flush = N/%d: write amplification %.2f, mean garbage %.0f %%, mean files %.1f, most %d%n",
                keys / flush,
                simulation.writeAmplification(),
                simulation.meanGarbage() * 100,
                simulation.meanFiles(),
                simulation.mostFiles);
        assertTrue(simulation.writeAmplification() <= mostWritten, "write amplification");
        assertTrue(simulation.meanGarbage() <= mostGarbage, "garbage");
        assertTrue(simulation.mostFiles <= mostFiles, "files");
        assertTrue(simulation.writeAmplification() > 1.5, "nothing was compacted");
    }

    private final class Simulation {
        final int[] fileOf;
        final RandomGenerator random;
        final Map<Integer, long[]> files = new HashMap<>();
        int next;
        long flushed;
        long written;
        double garbage;
        long fileSum;
        int mostFiles;
        int measured;
        boolean measuring;

        Simulation(int keys, RandomGenerator random) {
            this.fileOf = new int[keys];
            this.random = random;
            files.put(next, new long[] {keys, keys});
            next++;
        }

        void startMeasuring() {
            measuring = true;
            flushed = 0;
            written = 0;
        }

        void flush(int rows) {
            int id = next++;
            long[] file = {0, 0};
            for (int i = 0; i < rows; i++) {
                int key = random.nextInt(fileOf.length);
                if (fileOf[key] != id) {
                    files.get(fileOf[key])[1]--;
                    fileOf[key] = id;
                    file[0]++;
                    file[1]++;
                }
            }
            files.put(id, file);
            flushed += file[0];
            written += file[0];
            for (List<CompactionPick> picks = picks(facts()); !picks.isEmpty(); picks = picks(facts())) {
                merge(picks.get(0));
            }
            if (measuring) {
                long stored = files.values().stream().mapToLong(f -> f[0]).sum();
                garbage += 1 - fileOf.length / (double) stored;
                fileSum += files.size();
                mostFiles = Math.max(mostFiles, files.size());
                measured++;
            }
        }

        List<FileFacts> facts() {
            List<FileFacts> out = new ArrayList<>();
            files.forEach((id, f) -> out.add(new FileFacts(
                    new UUID(0, id), Optional.of(new BucketId(Partition.NONE, 0)), f[0] * KB, f[0], f[0] - f[1])));
            return out;
        }

        void merge(CompactionPick pick) {
            boolean[] input = new boolean[next];
            long rows = 0;
            for (FileFacts f : pick.files()) {
                int id = (int) f.id().getLeastSignificantBits();
                input[id] = true;
                rows += files.remove(id)[1];
            }
            written += rows;
            if (rows == 0) {
                return;
            }
            int pieces = (int) Math.ceil(rows * (double) KB / TARGETS.targetFile());
            long[][] made = new long[pieces][2];
            long done = 0;
            for (int key = 0; key < fileOf.length; key++) {
                if (input[fileOf[key]]) {
                    int piece = (int) (done++ * pieces / rows);
                    fileOf[key] = next + piece;
                    made[piece][0]++;
                    made[piece][1]++;
                }
            }
            Arrays.stream(made).forEach(f -> files.put(next++, f));
        }

        double writeAmplification() {
            return written / (double) flushed;
        }

        double meanGarbage() {
            return garbage / measured;
        }

        double meanFiles() {
            return fileSum / (double) measured;
        }
    }
}
