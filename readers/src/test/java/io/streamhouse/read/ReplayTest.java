package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.log.Bound;
import io.streamhouse.log.Start;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.ModelChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final int HISTORIES = 12;
    private static final int COMMITS = 14;

    @Test
    void tableOfAnySnapshotPlusChangelogIsTableOfAnyLaterOne() throws IOException {
        long seed = Seeds.of("ReplayTest");
        long changes = 0;
        for (int h = 0; h < HISTORIES; h++) {
            try (TestTable t = history(Seeds.derive(seed, h), h)) {
                RandomGenerator random = Seeds.random(Seeds.derive(seed, h) + 1);
                for (int i = 0; i < 6; i++) {
                    long from = 1 + random.nextInt((int) t.model.head());
                    long to = from + random.nextInt((int) (t.model.head() - from) + 1);
                    changes += check(t, from, to);
                }
            }
        }
        assertTrue(changes > 500, "only " + changes + " changes were replayed");
    }

    private static TestTable history(long seed, int number) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        int buckets = 1 + random.nextInt(4);
        List<String> partitions = number % 2 == 0 ? List.of() : List.of("region");
        TestTable t = new TestTable(TestTable.orders(partitions, buckets, format(number)), seed, 2);
        for (int c = 0; c < COMMITS; c++) {
            t.commit(random.nextInt(2), t.randomWrites(random, 40, 60));
        }
        String suffix = format(number) == FileFormat.ORC ? ".orc" : ".parquet";
        List<String> files = t.bytes.list("").stream()
                .map(ObjectInfo::path)
                .filter(path -> path.contains("/data/"))
                .toList();
        assertTrue(!files.isEmpty() && files.stream().allMatch(path -> path.endsWith(suffix)), files::toString);
        return t;
    }

    private static FileFormat format(int number) {
        return number % 3 == 1 ? FileFormat.ORC : FileFormat.PARQUET;
    }

    private static long check(TestTable t, long from, long to) throws IOException {
        t.model.checkRows(from, t.keyed(TestTable.rows(TableScan.of(t.table).snapshot(from))));
        if (from == to) {
            return 0;
        }
        List<ModelChange> full = read(t, from, to, ChangelogShape.FULL);
        t.model.checkReplay(from, to, full);
        assertEquals(sorted(t.model.changes(from, to)), sorted(full));
        List<ModelChange> upsert = read(t, from, to, ChangelogShape.UPSERT);
        t.model.checkRows(to, t.model.replayUpsert(from, upsert));
        return full.size();
    }

    private static List<ModelChange> read(TestTable t, long from, long to, ChangelogShape shape) throws IOException {
        try (ChangelogReader reader = Changelog.of(t.table)
                .from(Start.fromSnapshot(from + 1))
                .until(Bound.snapshot(to))
                .shape(shape)
                .open()) {
            List<ModelChange> out = t.drain(reader);
            assertTrue(reader.isFinished());
            return out;
        }
    }

    /** Keys have no order among themselves; the pair of an update stays in its order. */
    private static List<ModelChange> sorted(List<ModelChange> changes) {
        List<ModelChange> out = new ArrayList<>(changes);
        out.sort(Comparator.comparingLong(ModelChange::snapshot)
                .thenComparing(ModelChange::key, TableModel.naturalOrder()));
        return out;
    }

    @Test
    void fullPhaseAndChangesMeetAtOneSnapshot() throws IOException {
        long seed = Seeds.of("ReplayTest.full");
        try (TestTable t = history(seed, 1);
                ChangelogReader reader = Changelog.of(t.table)
                        .from(Start.full())
                        .pause(time -> {})
                        .open()) {
            long cut = t.model.head();
            List<ModelChange> seen = t.drain(reader);
            assertTrue(seen.stream().allMatch(c -> c.snapshot() == cut));
            RandomGenerator random = Seeds.random(seed);
            t.commit(0, t.randomWrites(random, 30, 60));
            t.commit(1, t.randomWrites(random, 30, 60));
            seen.addAll(t.drain(reader));
            t.model.checkRows(t.model.head(), t.model.replayFull(0, seen));
        }
    }
}
