package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.catalog.Table;
import java.io.IOException;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/**
 * {@code CALL sys.expire_snapshots('db.t')}: lets the snapshots go that the table's options and its readers let go. Their
 * objects are deleted by a run that comes a minute later or more, here or in a job.
 */
public final class ExpireSnapshots implements Procedure {
    private final ProcedureTables tables;

    ExpireSnapshots(ProcedureTables tables) {
        this.tables = tables;
    }

    /** Called by Flink. */
    @ProcedureHint(
            arguments = @ArgumentHint(name = "table", type = @DataTypeHint("STRING")),
            output = @DataTypeHint("ROW<expired BIGINT, earliest_snapshot BIGINT, deleted_objects BIGINT>"))
    public Row[] call(ProcedureContext context, String table) {
        return new Row[] {tables.with(table, ExpireSnapshots::expire)};
    }

    private static Row expire(Table table) throws IOException {
        ExpiryReport report = table.expiry().run();
        return Row.of(
                report.expired(),
                table.snapshots().knownEarliestId(),
                report.snapshots() + report.objects() + report.strays());
    }
}
