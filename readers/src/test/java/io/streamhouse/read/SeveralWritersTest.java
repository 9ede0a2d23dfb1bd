package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.log.Start;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of several writers that hold the same keys: rows masked from birth, deletes beside inserts. */
class SeveralWritersTest {
    private static final int WRITERS = 3;

    @TempDir
    Path spill;

    @Test
    void whatAWriterOfTheSameCommitSupersedesIsNoChange() throws IOException {
        long seed = Seeds.of("SeveralWritersTest");
        for (int h = 0; h < 8; h++) {
            RandomGenerator random = Seeds.random(Seeds.derive(seed, h));
            try (TestTable t = new TestTable(TestTable.orders(2), Seeds.derive(seed, h), 0)) {
                commits(t, random, 8);
                countsEachKeyOnce(t);
                for (ChangelogShape shape : ChangelogShape.values()) {
                    for (long from = 0; from <= 8; from += 4) {
                        replays(t, from, shape);
                    }
                }
            }
        }
    }

    /** What a commit says it did is what its subscribers see. */
    private static void countsEachKeyOnce(TestTable t) throws IOException {
        TreeMap<Long, long[]> seen = new TreeMap<>();
        try (ChangelogReader reader = Changelog.of(t.table)
                .from(Start.fromSnapshot(1))
                .shape(ChangelogShape.FULL)
                .open()) {
            for (ModelChange change : t.drain(reader)) {
                seen.computeIfAbsent(change.snapshot(), id -> new long[RowKind.values().length])[
                        change.kind().ordinal()]++;
            }
        }
        assertEquals(8, seen.size());
        for (var entry : seen.entrySet()) {
            DeltaCounts counts =
                    t.table.snapshots().snapshot(entry.getKey()).change().counts();
            long[] kinds = entry.getValue();
            String what = "snapshot " + entry.getKey() + ": ";
            assertEquals(what + kinds[RowKind.INSERT.ordinal()], what + counts.inserted());
            assertEquals(what + kinds[RowKind.UPDATE_AFTER.ordinal()], what + counts.updated());
            assertEquals(what + kinds[RowKind.DELETE.ordinal()], what + counts.deleted());
        }
    }

    private static void replays(TestTable t, long from, ChangelogShape shape) throws IOException {
        List<ModelChange> changes = new ArrayList<>();
        try (ChangelogReader reader = Changelog.of(t.table)
                .from(Start.fromSnapshot(from + 1))
                .shape(shape)
                .open()) {
            changes.addAll(t.drain(reader));
        }
        if (from > 0) {
            // the replica's start, as inserts
            var rows = t.keyed(TestTable.rows(TableScan.of(t.table).snapshot(from)));
            List<ModelChange> whole = new ArrayList<>();
            rows.forEach((key, row) -> whole.add(new ModelChange(from, RowKind.INSERT, key, row)));
            whole.addAll(changes);
            changes = whole;
        }
        var replica = shape == ChangelogShape.FULL ? t.model.replayFull(0, changes) : t.model.replayUpsert(0, changes);
        var expected = t.keyed(TestTable.rows(TableScan.of(t.table)));
        assertTrue(expected.size() > 5);
        assertEquals(expected, replica, shape + " from " + from);
    }

    private void commits(TestTable t, RandomGenerator random, int count) throws IOException {
        CommitTimeline timeline = CommitTimeline.fresh(CommitUser.named("job"), t.components.ids());
        try (TableCommitter committer = TableCommitter.open(t.table)) {
            for (int c = 1; c <= count; c++) {
                List<TableDelta> parts = new ArrayList<>();
                for (int w = 0; w < WRITERS; w++) {
                    WriterSettings settings = new WriterSettings(w, WRITERS, DataSize.ofMebibytes(8), spill);
                    try (TableWriter writer = TableWriter.forEngine(t.table, settings)) {
                        for (int i = 0; i < 12; i++) {
                            boolean delete = random.nextInt(3) == 0;
                            Row row = Row.of("north", (long) random.nextInt(25), "w" + w + "c" + c, null, null);
                            writer.write(delete ? RowKind.DELETE : RowKind.INSERT, row);
                        }
                        writer.flush().ifPresent(parts::add);
                    }
                }
                CommitOutcome outcome = committer.commit(timeline.next(c, OptionalLong.empty(), parts, false));
                assertTrue(outcome instanceof CommitOutcome.Committed, outcome.toString());
            }
        }
    }
}
