package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** UPDATE and DELETE of a table without key: rows named by where they stand. */
class PositionChangesTest {
    private static final int ROWS = 3_000;
    private static final String WIDE = "w".repeat(200);

    private static final TableSchema EVENTS = TableSchema.create(
            List.of(
                    new Field(1, "p", DataType.string(), true),
                    new Field(2, "number", DataType.bigint(), true),
                    new Field(3, "text", DataType.string(), true)),
            List.of(),
            List.of("p"),
            List.of("number"),
            3,
            Map.of());

    /** A row and where it stands. */
    private record Placed(UUID file, int position, List<Object> row) {}

    private static TestTable events() throws IOException {
        TestTable t = new TestTable(EVENTS, 7, 1);
        for (int c = 0; c < 3; c++) {
            List<Write> writes = new ArrayList<>();
            for (long n = c; n < ROWS; n += 3) {
                writes.add(new Write(List.of(), Optional.of(List.of("p" + n % 4, n, WIDE + n))));
            }
            t.commit(0, writes);
        }
        return t;
    }

    private static List<Placed> placed(Table table) throws IOException {
        List<Placed> out = new ArrayList<>();
        try (BatchScan scan = TableScan.of(table).open()) {
            for (ScanSplit split : scan.plan().splits()) {
                try (ScanSplitReader in =
                        ScanSplitReader.open(table, split, scan.plan().request())) {
                    for (var batch = in.nextPositioned(); batch != null; batch = in.nextPositioned()) {
                        int[] positions = batch.filePositions().get();
                        for (int i = 0; i < positions.length; i++) {
                            out.add(new Placed(
                                    split.rows().file().object().id(),
                                    positions[i],
                                    TestTable.values(
                                            batch.rows(),
                                            scan.columns(),
                                            batch.rows().position(i))));
                        }
                    }
                }
            }
        }
        return out;
    }

    private static WriterSettings smallBuffer() {
        return new WriterSettings(0, 1, new DataSize(64 << 10), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Marks rows with an even number, deletes every fifth; the rows that are left then, as text. */
    private static CommitDelta change(Table table, long base, List<Placed> rows, List<String> expected)
            throws IOException {
        RowViews views = RowViews.of(EVENTS.fields(), List.of());
        try (TableWriter writer = TableWriter.forPositions(table, smallBuffer(), base)) {
            for (Placed placed : rows) {
                String p = (String) placed.row().get(0);
                long number = (Long) placed.row().get(1);
                String text = (String) placed.row().get(2);
                boolean gone = number % 5 == 0;
                boolean marked = !gone && number % 2 == 0;
                if (gone) {
                    writer.remove(placed.file(), placed.position());
                } else if (marked) {
                    writer.replace(placed.file(), placed.position(), views.view(Row.of(p, number, text + "*")));
                }
                if (!gone && !p.equals("p2")) {
                    expected.add(List.<Object>of(p, number, marked ? text + "*" : text)
                            .toString());
                }
            }
            assertTrue(writer.spilledRuns() > 2, "rows that did not fit the buffer");
            TableDelta part = writer.flush().orElseThrow();
            return Statement.delta(table, List.of(part));
        }
    }

    @Test
    void rowsAreReplacedInAnyOrderFromManyRunsAndThoseThatWentStayAway() throws IOException {
        long seed = Seeds.of("position-changes");
        try (TestTable t = events()) {
            Table table = t.open();
            long base = table.snapshots().latest().orElseThrow().id();
            List<Placed> rows = placed(table);
            assertEquals(ROWS, rows.size());
            Collections.shuffle(rows, new Random(seed));
            List<String> expected = new ArrayList<>();
            CommitDelta delta = change(table, base, rows, expected);
            Overwrite.of(t.open(), new Extent.Partitions(Map.of("p", "p2"))).commit(Overwrite.withoutRows(table));
            Snapshot done =
                    ((CommitOutcome.Committed) RowDeltaCommitter.open(t.open()).commit(delta)).snapshot();
            assertTrue(RowDeltaCommitter.open(t.open()).commit(delta) instanceof CommitOutcome.AlreadyCommitted);
            assertEquals(
                    expected.stream().sorted().toList(),
                    TestTable.rows(TableScan.of(t.open())).stream()
                            .map(List::toString)
                            .sorted()
                            .toList(),
                    "seed " + seed);
            assertEquals(expected.size(), done.totals().rowCount());
            long skipped = rows.stream()
                    .filter(r -> r.row().get(0).equals("p2"))
                    .mapToLong(r -> (Long) r.row().get(1))
                    .filter(n -> n % 5 == 0 || n % 2 == 0)
                    .count();
            assertEquals(Long.toString(skipped), done.properties().get(RowDeltaCommitter.ROWS_SKIPPED));
            StreamhouseException e =
                    assertThrows(StreamhouseException.class, () -> ChangelogPlanner.of(t.open(), ChangelogShape.UPSERT)
                            .splitsOf(done.id()));
            assertEquals(ErrorCode.NOT_INSERT_ONLY, e.code());
        }
    }

    @Test
    void aRowThatLeavesItsPartitionIsRefused() throws IOException {
        try (TestTable t = events()) {
            Table table = t.open();
            Placed first = placed(table).get(0);
            try (TableWriter writer = TableWriter.forPositions(
                    table,
                    smallBuffer(),
                    table.snapshots().latest().orElseThrow().id())) {
                RowViews views = RowViews.of(EVENTS.fields(), List.of());
                writer.replace(first.file(), first.position(), views.view(Row.of("q", 0L, "x")));
                StreamhouseException e = assertThrows(StreamhouseException.class, writer::flush);
                assertEquals(ErrorCode.BAD_KEY, e.code());
            }
        }
    }
}
