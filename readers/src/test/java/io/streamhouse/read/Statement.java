package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** An UPDATE or DELETE as an engine runs it: some writers pinned to one snapshot, then one commit. */
final class Statement {
    private static final int WRITERS = 2;

    final long base;
    final TreeMap<List<Object>, Write> writes;
    private final Table table;
    private final CommitDelta delta;

    /** Runs the statement up to its commit. */
    Statement(TestTable t, long base, List<Write> changes) throws IOException {
        this(t, t.open(), base, changes);
    }

    Statement(TestTable t, Table table, long base, List<Write> changes) throws IOException {
        this.base = base;
        this.writes = new TreeMap<>(TableModel.naturalOrder());
        this.table = table;
        changes.forEach(w -> writes.put(w.key(), w));
        List<TableDelta> parts = flush(t);
        this.delta = delta(table, parts);
    }

    private List<TableDelta> flush(TestTable t) throws IOException {
        List<TableDelta> parts = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            try (TableWriter writer = TableWriter.forRowDelta(table, settings(w), base)) {
                for (Write write : writes.values()) {
                    if (Math.floorMod(write.key().hashCode(), WRITERS) == w) {
                        boolean put = write.row().isPresent();
                        Row row = put ? Row.of(write.row().get().toArray()) : t.keyRow(write.key());
                        writer.write(put ? RowKind.UPDATE_AFTER : RowKind.DELETE, row);
                    }
                }
                writer.flush().ifPresent(parts::add);
            }
        }
        return parts;
    }

    static WriterSettings settings(int writer) {
        return new WriterSettings(
                writer, WRITERS, DataSize.ofMebibytes(1), Path.of(System.getProperty("java.io.tmpdir")));
    }

    static CommitDelta delta(Table table, List<TableDelta> parts) {
        return CommitTimeline.fresh(CommitUser.fresh(), table.components().ids())
                .next(1, OptionalLong.empty(), parts, true);
    }

    CommitOutcome outcome() throws IOException {
        return RowDeltaCommitter.open(table).commit(delta);
    }

    /** Publishes; fails if the statement is refused. */
    Snapshot commit() throws IOException {
        CommitOutcome outcome = outcome();
        if (outcome instanceof CommitOutcome.Committed committed) {
            return committed.snapshot();
        }
        throw new AssertionError("the statement is " + outcome);
    }

    /** Publishes; fails unless the statement is refused. */
    String refusal() throws IOException {
        CommitOutcome outcome = outcome();
        if (outcome instanceof CommitOutcome.Refused refused) {
            assertEquals(ErrorCode.WRITE_CONFLICT, refused.code());
            return refused.message();
        }
        throw new AssertionError("the statement is " + outcome);
    }
}
