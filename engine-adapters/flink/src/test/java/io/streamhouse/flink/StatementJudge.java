package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.write.RowDeltaCommitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Says from a table's snapshots what UPDATE and DELETE statements had to do, and compares it with what they did. The table
 * is {@code (k INT, n BIGINT, v STRING)}, key k; no value v is ever written twice.
 */
final class StatementJudge {
    /**
     * One statement of the test.
     *
     * @param where which keys it is about
     * @param deletes DELETE; otherwise UPDATE … SET n = n + 1, v = v || '*'
     */
    record Change(IntPredicate where, boolean deletes) {}

    private final Table table;
    long replaced;
    long skipped;

    /** Statements between whose base and commit a compaction was published. */
    long overCompactions;

    StatementJudge(Table table) {
        this.table = table;
    }

    /** Rows of a snapshot by key. */
    TreeMap<Integer, Row> rows(long snapshot) throws IOException {
        TreeMap<Integer, Row> out = new TreeMap<>();
        try (BatchScan scan = TableScan.of(table).snapshot(snapshot).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    Row row = RowReader.row(batch, scan.columns(), batch.position(i));
                    out.put((Integer) row.value(0), row);
                }
            }
        }
        return out;
    }

    private List<Snapshot> statements() throws IOException {
        List<Snapshot> out = new ArrayList<>();
        long head = table.snapshots().latest().orElseThrow().id();
        for (long id = 1; id <= head; id++) {
            Snapshot snapshot = table.snapshots().snapshot(id);
            if (snapshot.kind() == SnapshotKind.ROW_DELTA) {
                out.add(snapshot);
            }
        }
        return out;
    }

    /** Fails unless every statement changed exactly the rows that stood as it had read them. */
    void judge(List<Change> changes) throws IOException {
        List<Snapshot> statements = statements();
        assertEquals(changes.size(), statements.size(), "statements published");
        for (int i = 0; i < changes.size(); i++) {
            judge(changes.get(i), statements.get(i));
        }
    }

    private void judge(Change change, Snapshot statement) throws IOException {
        long base = Long.parseLong(statement.properties().get(RowDeltaCommitter.BASE));
        TreeMap<Integer, Row> read = rows(base);
        TreeMap<Integer, Row> before = rows(statement.id() - 1);
        TreeMap<Integer, Row> expected = new TreeMap<>(before);
        long left = 0;
        long done = 0;
        for (var e : read.entrySet()) {
            int key = e.getKey();
            if (!change.where().test(key)) {
                continue;
            }
            if (!e.getValue().equals(before.get(key))) {
                left++;
                continue;
            }
            done++;
            if (change.deletes()) {
                expected.remove(key);
            } else {
                expected.put(
                        key,
                        Row.of(
                                key,
                                (Long) e.getValue().value(1) + 1,
                                e.getValue().value(2) + "*"));
            }
        }
        String what = "snapshot %d, base %d".formatted(statement.id(), base);
        assertEquals(expected.toString(), rows(statement.id()).toString(), what);
        assertEquals(expected.size(), statement.totals().rowCount(), what);
        assertEquals(Long.toString(left), statement.properties().get(RowDeltaCommitter.ROWS_SKIPPED), what);
        assertEquals(Long.toString(done), statement.properties().get(RowDeltaCommitter.ROWS_REPLACED), what);
        skipped += left;
        replaced += done;
        for (long id = base + 1; id < statement.id(); id++) {
            if (table.snapshots().snapshot(id).kind() == SnapshotKind.COMPACT) {
                overCompactions++;
                break;
            }
        }
    }
}
