package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.log.Bound;
import io.streamhouse.log.Start;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.SnapshotPin;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorrectionTest {
    /** Ten rows (region, id, "new", id, null) in snapshot 3; two jobs. */
    private static TestTable tenRows() throws IOException {
        TestTable t = new TestTable(TestTable.orders(List.of("region"), 2), 7, 2);
        List<Write> writes = new ArrayList<>();
        for (long id = 0; id < 10; id++) {
            writes.add(row(t, id, "new"));
        }
        assertEquals(3, t.commit(0, writes));
        return t;
    }

    private static Write row(TestTable t, long id, String status) {
        return t.upsert(id % 2 == 0 ? "north" : "south", id, status, null, null);
    }

    private static Write gone(TestTable t, long id) {
        return t.delete(id % 2 == 0 ? "north" : "south", id);
    }

    /** Rows, counts and changes of every snapshot from one on are the model's. */
    static void check(TestTable t, long from) throws IOException {
        for (long s = Math.max(1, from); s <= t.model.head(); s++) {
            t.model.checkRows(s, t.keyed(TestTable.rows(TableScan.of(t.open()).snapshot(s))));
            Snapshot snapshot = t.table.snapshots().snapshot(s);
            assertEquals(t.model.rows(s).size(), snapshot.totals().rowCount(), "rows of snapshot " + s);
            long before =
                    s == 1 ? 0 : t.table.snapshots().snapshot(s - 1).totals().rowCount();
            if (snapshot.kind() != SnapshotKind.ROLLBACK) {
                var counts = snapshot.change().counts();
                assertEquals(snapshot.totals().rowCount(), before + counts.inserted() - counts.deleted());
            }
        }
        assertEquals(t.model.head(), t.table.snapshots().latest().orElseThrow().id());
        List<ModelChange> full = read(t, from, ChangelogShape.FULL);
        t.model.checkReplay(from, t.model.head(), full);
        assertEquals(sorted(t.model.changes(from, t.model.head())), sorted(full));
        List<ModelChange> upsert = read(t, from, ChangelogShape.UPSERT);
        t.model.checkRows(t.model.head(), t.model.replayUpsert(from, upsert));
    }

    private static List<ModelChange> sorted(List<ModelChange> changes) {
        List<ModelChange> out = new ArrayList<>(changes);
        out.sort(Comparator.comparingLong(ModelChange::snapshot)
                .thenComparing(ModelChange::key, TableModel.naturalOrder()));
        return out;
    }

    private static List<ModelChange> read(TestTable t, long from, ChangelogShape shape) throws IOException {
        try (ChangelogReader reader = Changelog.of(t.open())
                .from(Start.fromSnapshot(from + 1))
                .until(Bound.snapshot(t.model.head()))
                .shape(shape)
                .open()) {
            return t.drain(reader);
        }
    }

    @Test
    void anUpdateChangesWhatItReadAndSkipsWhatWasChangedSince() throws IOException {
        try (TestTable t = tenRows()) {
            Statement update = new Statement(
                    t, 3, List.of(row(t, 0, "sent"), row(t, 1, "sent"), row(t, 2, "sent"), gone(t, 3), gone(t, 5)));
            t.commit(1, List.of(row(t, 1, "paid"), gone(t, 2), row(t, 3, "paid"), row(t, 11, "new")));
            Snapshot committed = update.commit();
            t.model.commit(List.of(row(t, 0, "sent"), gone(t, 5)));
            assertEquals(SnapshotKind.ROW_DELTA, committed.kind());
            assertEquals(
                    Map.of(
                            RowDeltaCommitter.BASE, "3",
                            RowDeltaCommitter.ROWS_REPLACED, "2",
                            RowDeltaCommitter.ROWS_SKIPPED, "3"),
                    committed.properties());
            check(t, 3);
            // whoever writes on sees the skipped rows neither
            t.commit(0, List.of(row(t, 1, "back"), row(t, 3, "back"), row(t, 5, "back")));
            check(t, 3);
            // nor does the statement's second attempt write anything
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, update.outcome());
        }
    }

    @Test
    void aStatementOnRowsOfAnotherStatementIsRefusedWhole() throws IOException {
        try (TestTable t = tenRows()) {
            Statement first = new Statement(t, 3, List.of(row(t, 0, "a"), row(t, 1, "a")));
            Statement second = new Statement(t, 3, List.of(row(t, 1, "b"), row(t, 2, "b"), gone(t, 0)));
            first.commit();
            t.model.commit(List.of(row(t, 0, "a"), row(t, 1, "a")));
            String message = second.refusal();
            assertTrue(message.contains("2 of the 3 rows"), message);
            assertTrue(message.contains("snapshot 4"), message);
            check(t, 3);
        }
    }

    @Test
    void aStatementIsRefusedAfterARollback() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(0, List.of(row(t, 9, "paid")));
            Statement update = new Statement(t, 4, List.of(row(t, 1, "sent")));
            rollback(t, 3);
            assertTrue(update.refusal().contains("snapshot 5 has rolled the table back"));
            check(t, 3);
        }
    }

    /** The rollback hides files that the compaction then finds gone: no damage, and no reason to say so. */
    @Test
    void aStatementIsRefusedAfterARollbackAndACompaction() throws IOException {
        try (TestTable t = tenRows()) {
            Statement update = new Statement(t, 3, List.of(row(t, 1, "sent")));
            rollback(t, 2);
            t.commit(0, List.of(row(t, 9, "paid")));
            assertTrue(new HandMadeCompaction(t, f -> true).commit());
            t.model.commitNothing();
            assertTrue(update.refusal().contains("snapshot 4 has rolled the table back"));
            check(t, 3);
        }
    }

    @Test
    void keysThatTheStatementDidNotReadAreNamed() throws IOException {
        try (TestTable t = tenRows()) {
            StreamhouseException e = assertThrows(
                    StreamhouseException.class, () -> new Statement(t, 3, List.of(row(t, 0, "a"), row(t, 77, "a"))));
            assertEquals(ErrorCode.BAD_KEY, e.code());
            assertTrue(e.getMessage().contains("77"), e.getMessage());
        }
    }

    @Test
    void positionsThatACompactionMovedAreFollowed() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(1, List.of(row(t, 4, "paid"), row(t, 12, "new"), gone(t, 6)));
            Statement update = new Statement(
                    t, 4, List.of(row(t, 0, "x"), row(t, 1, "x"), row(t, 4, "x"), row(t, 12, "x"), gone(t, 8)));
            HandMadeCompaction compaction = new HandMadeCompaction(t, f -> true);
            t.commit(1, List.of(row(t, 1, "mine")));
            assertTrue(compaction.commit());
            t.model.commitNothing();
            t.commit(1, List.of(row(t, 8, "mine too")));
            HandMadeCompaction again = new HandMadeCompaction(t, f -> true);
            assertTrue(again.commit());
            t.model.commitNothing();
            Snapshot committed = update.commit();
            t.model.commit(List.of(row(t, 0, "x"), row(t, 4, "x"), row(t, 12, "x")));
            assertEquals("2", committed.properties().get(RowDeltaCommitter.ROWS_SKIPPED));
            check(t, 3);
        }
    }

    private static Snapshot rollback(TestTable t, long target) throws IOException {
        CommitOutcome outcome = Rollback.to(t.open(), target, SnapshotPin.NONE).commit();
        t.model.rollback(target);
        return assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
    }

    private static Snapshot overwrite(TestTable t, Extent extent, String region, List<Write> rows) throws IOException {
        try (TableWriter writer = TableWriter.forOverwrite(t.open(), Statement.settings(0))) {
            for (Write w : rows) {
                writer.write(
                        io.streamhouse.spec.RowKind.INSERT,
                        io.streamhouse.spec.Row.of(w.row().orElseThrow().toArray()));
            }
            var delta = Statement.delta(t.table, writer.flush().map(List::of).orElse(List.of()));
            CommitOutcome outcome = Overwrite.of(t.open(), extent).commit(delta);
            List<Write> all = new ArrayList<>();
            for (List<Object> key : t.model.rows(t.model.head()).keySet()) {
                if (region == null || key.get(0).equals(region)) {
                    all.add(Write.delete(key));
                }
            }
            all.addAll(rows);
            t.model.commit(all);
            assertInstanceOf(
                    CommitOutcome.AlreadyCommitted.class,
                    Overwrite.of(t.open(), extent).commit(delta));
            return assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
        }
    }

    @Test
    void anOverwriteReplacesItsPartitionsAndNothingElse() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(1, List.of(row(t, 2, "paid"), gone(t, 4)));
            Extent north = new Extent.Partitions(Map.of("region", "north"));
            Snapshot s = overwrite(t, north, "north", List.of(row(t, 2, "only"), row(t, 0, "new"), row(t, 20, "more")));
            assertEquals(SnapshotKind.OVERWRITE, s.kind());
            assertEquals(3, s.change().counts().inserted());
            assertEquals(4, s.change().counts().deleted());
            check(t, 3);
            overwrite(t, new Extent.OfNewRows(), "south", List.of(row(t, 21, "last")));
            t.commit(0, List.of(row(t, 0, "again"), row(t, 1, "again")));
            check(t, 3);
        }
    }

    @Test
    void truncateAndDropPartitionLeaveNoFileOfWhichNothingIsLeft() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(1, List.of(row(t, 0, "paid")));
            overwrite(t, new Extent.Partitions(Map.of("region", "north")), "north", List.of());
            check(t, 3);
            overwrite(t, new Extent.Everything(), null, List.of());
            assertEquals(
                    0,
                    t.table
                            .snapshots()
                            .tree(t.table.snapshots().latest().orElseThrow())
                            .entries()
                            .size());
            t.commit(1, List.of(row(t, 0, "paid"), row(t, 1, "paid")));
            check(t, 3);
            rollback(t, 3);
            check(t, 3);
            rollback(t, 6);
            check(t, 3);
        }
    }

    @Test
    void aStatementSkipsRowsThatAnOverwriteTookAway() throws IOException {
        try (TestTable t = tenRows()) {
            Statement update = new Statement(t, 3, List.of(row(t, 0, "x"), row(t, 1, "x"), gone(t, 2), gone(t, 3)));
            overwrite(
                    t,
                    new Extent.Partitions(Map.of("region", "north")),
                    "north",
                    List.of(row(t, 0, "o"), row(t, 2, "o")));
            Snapshot committed = update.commit();
            t.model.commit(List.of(row(t, 1, "x"), gone(t, 3)));
            assertEquals("2", committed.properties().get(RowDeltaCommitter.ROWS_SKIPPED));
            check(t, 3);
        }
    }

    @Test
    void rollingBackAndForthKeepsRunningWritersRight() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(1, List.of(row(t, 0, "a"), gone(t, 2)));
            t.commit(0, List.of(row(t, 0, "b"), gone(t, 4)));
            rollback(t, 3);
            t.commit(1, List.of(row(t, 2, "c"), gone(t, 0)));
            rollback(t, 4);
            t.commit(0, List.of(row(t, 4, "d"), row(t, 0, "e"), row(t, 2, "f")));
            rollback(t, 5);
            t.commit(1, List.of(row(t, 4, "g"), gone(t, 2), row(t, 0, "h")));
            check(t, 2);
        }
    }

    /** The file loses rows only by the second rollback, but it shows one that the writer's base did not. */
    @Test
    void aRollbackForwardRenewsFilesThatOnlyLoseRows() throws IOException {
        try (TestTable t = tenRows()) {
            t.commit(0, List.of(gone(t, 0)));
            t.commit(0, List.of(gone(t, 2)));
            TableWriter late = TableWriter.forEngine(t.open(), Statement.settings(0));
            late.write(io.streamhouse.spec.RowKind.INSERT, io.streamhouse.spec.Row.of("north", 2L, "late", null, null));
            var delta = Statement.delta(t.table, List.of(late.flush().orElseThrow()));
            late.close();
            rollback(t, 3);
            rollback(t, 4);
            try (var committer = io.streamhouse.write.TableCommitter.open(t.open())) {
                assertInstanceOf(CommitOutcome.Committed.class, committer.commit(delta));
            }
            t.model.commit(List.of(row(t, 2, "late")));
            check(t, 2);
        }
    }

    @Test
    void aRollbackToWhatIsNotThereIsRefused() throws IOException {
        try (TestTable t = tenRows()) {
            StreamhouseException e =
                    assertThrows(StreamhouseException.class, () -> Rollback.to(t.open(), 44, SnapshotPin.NONE)
                            .commit());
            assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, e.code());
        }
    }
}
