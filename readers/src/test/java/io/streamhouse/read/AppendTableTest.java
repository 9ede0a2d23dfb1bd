package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.Start;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.SnapshotPin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppendTableTest {
    private static final TableSchema EVENTS = TableSchema.create(
            List.of(new Field(1, "number", DataType.bigint(), true), new Field(2, "text", DataType.string(), true)),
            List.of(),
            List.of(),
            List.of(),
            2,
            Map.of());

    /** Numbers in the order of arrival, equal rows and NULL among them. */
    private static TestTable events(int commits, int rows) throws IOException {
        TestTable t = new TestTable(EVENTS, 31, 1);
        for (int c = 0; c < commits; c++) {
            List<Write> writes = new ArrayList<>();
            for (long r = 0; r < rows; r++) {
                Object text = r % 5 == 0 ? null : "t" + r % 3;
                writes.add(new Write(List.of(), Optional.of(Arrays.asList((long) c * rows + r / 2, text))));
            }
            t.commit(0, writes);
        }
        return t;
    }

    private static List<List<Object>> drain(ChangelogReader reader, List<ChangePosition> behind) throws IOException {
        List<List<Object>> out = new ArrayList<>();
        for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
            for (int i = 0; i < b.rowCount(); i++) {
                assertEquals(RowKind.INSERT.code(), b.kinds()[i]);
                out.add(TestTable.values(b.rows(), reader.columns(), i));
                ChangePosition p = reader.position();
                behind.add(new ChangePosition(p.phase(), p.snapshotId(), p.split(), b.rowsConsumed()[i]));
            }
        }
        return out;
    }

    private static List<List<Object>> expected(int commits, int rows) {
        List<List<Object>> out = new ArrayList<>();
        for (int c = 0; c < commits; c++) {
            for (long r = 0; r < rows; r++) {
                out.add(Arrays.asList((long) c * rows + r / 2, r % 5 == 0 ? null : "t" + r % 3));
            }
        }
        return out;
    }

    @Test
    void everyRowIsOneInsertInTheOrderOfItsWriter() throws IOException {
        try (TestTable t = events(4, 30)) {
            for (ChangelogShape shape : ChangelogShape.values()) {
                for (Start start : List.of(Start.earliest(), Start.full())) {
                    try (ChangelogReader reader =
                            Changelog.of(t.table).from(start).shape(shape).open()) {
                        assertEquals(expected(4, 30), drain(reader, new ArrayList<>()));
                    }
                }
            }
            assertEquals(expected(4, 30), TestTable.rows(TableScan.of(t.table)));
        }
    }

    @Test
    void aReaderGoesOnBehindAnyRow() throws IOException {
        try (TestTable t = events(3, 20);
                ChangelogReader reader = Changelog.of(t.table)
                        .from(Start.fullAt(2))
                        .where(Predicate.isNotNull("text"))
                        .open()) {
            List<ChangePosition> behind = new ArrayList<>();
            List<List<Object>> all = drain(reader, behind);
            assertEquals(48, all.size());
            for (int i = 0; i < all.size(); i++) {
                reader.seek(behind.get(i));
                assertEquals(all.subList(i + 1, all.size()), drain(reader, new ArrayList<>()));
            }
        }
    }

    @Test
    void filesThatTheFilterRulesOutCountAsReadWithoutBeingOpened() throws IOException {
        try (TestTable t = events(5, 20)) {
            ChangelogPlanner planner = ChangelogPlanner.of(t.table, ChangelogShape.FULL);
            List<ChangeSplit> splits = planner.fullSplitsOf(t.model.head());
            assertEquals(1, splits.size());
            var request = io.streamhouse.read.filter.ReadRequest.of(
                    EVENTS, List.of("number"), Optional.of(Predicate.greaterOrEqual("number", 80L)));
            try (ChangeSplitReader reader = ChangeSplitReader.open(t.table, splits.get(0), request, 0)) {
                ChangeBatch batch = reader.next();
                assertEquals(20, batch.rowCount());
                assertEquals(81, batch.rowsConsumed()[0]);
                assertEquals(4, reader.counts().filesSkipped());
                assertEquals(1, reader.counts().filesOpened());
                assertTrue(reader.next() == null);
                assertEquals(100, reader.rowsConsumed());
            }
        }
    }

    @Test
    void anOverwriteTakesRowsBackInShapeFullAndIsRefusedWhereNothingCanBeTakenBack() throws IOException {
        try (TestTable t = events(2, 3)) {
            Overwrite truncate = Overwrite.of(t.open(), new Extent.Everything());
            Snapshot gone = ((CommitOutcome.Committed) truncate.commit(Overwrite.withoutRows(t.table))).snapshot();
            assertEquals(0, gone.totals().rowCount());
            assertEquals(6, gone.change().counts().deleted());
            assertTrue(t.table.snapshots().tree(gone).entries().isEmpty());
            Snapshot back = ((CommitOutcome.Committed)
                            Rollback.to(t.open(), 3, SnapshotPin.NONE).commit())
                    .snapshot();
            assertEquals(6, back.totals().rowCount());
            assertEquals(kinds(t, gone.id(), 6, RowKind.DELETE), expected(2, 3));
            assertEquals(kinds(t, back.id(), 6, RowKind.INSERT), expected(2, 3));
            ChangelogPlanner insertsOnly = ChangelogPlanner.of(t.open(), ChangelogShape.UPSERT);
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> insertsOnly.splitsOf(gone.id()));
            assertEquals(ErrorCode.NOT_INSERT_ONLY, e.code());
            assertTrue(e.getMessage().contains("from snapshot " + (gone.id() + 1)), e.getMessage());
            assertEquals(
                    6,
                    insertsOnly.splitsOf(back.id()).stream()
                            .mapToLong(ChangeSplit::sourceRows)
                            .sum());
        }
    }

    private static List<List<Object>> kinds(TestTable t, long snapshot, int rows, RowKind kind) throws IOException {
        List<List<Object>> out = new ArrayList<>();
        try (ChangelogReader reader = Changelog.of(t.open())
                .from(Start.fromSnapshot(snapshot))
                .until(Bound.snapshot(snapshot))
                .open()) {
            for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                for (int i = 0; i < b.rowCount(); i++) {
                    assertEquals(kind.code(), b.kinds()[i]);
                    out.add(TestTable.values(b.rows(), reader.columns(), i));
                }
            }
        }
        assertEquals(rows, out.size());
        return out;
    }
}
