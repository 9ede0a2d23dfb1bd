package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.Table;
import io.streamhouse.compact.CompactionReport;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import java.io.IOException;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/**
 * {@code CALL sys.compact('db.t')}: merges files of a table beside its writers until nothing is worth it, in the process
 * that plans the statement. It yields to commits: a task that has lost all its races is given up, after three of them the
 * rest is left to the next call.
 */
public final class Compact implements Procedure {
    private final ProcedureTables tables;

    Compact(ProcedureTables tables) {
        this.tables = tables;
    }

    /** Called by Flink. */
    @ProcedureHint(
            arguments = @ArgumentHint(name = "table", type = @DataTypeHint("STRING")),
            output =
                    @DataTypeHint(
                            "ROW<compactions INT, lost INT, bytes_read BIGINT, bytes_written BIGINT, debt_bytes BIGINT>"))
    public Row[] call(ProcedureContext context, String table) {
        return new Row[] {tables.with(table, Compact::compact)};
    }

    private static Row compact(Table table) throws IOException {
        try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
            CompactionReport report = compactor.runUntilDone();
            return Row.of(
                    report.published(),
                    report.lost(),
                    report.bytesRead(),
                    report.bytesWritten(),
                    compactor.debt().sizeBytes());
        }
    }
}
