package io.streamhouse.flink.procedure;

import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyScope;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** {@code CALL sys.verify('db.t')}: proves all snapshots of a table that can be read; one row a finding, none if it is sound. */
public final class Verify implements Procedure {
    private final ProcedureTables tables;

    Verify(ProcedureTables tables) {
        this.tables = tables;
    }

    /** Called by Flink. */
    @ProcedureHint(
            arguments = @ArgumentHint(name = "table", type = @DataTypeHint("STRING")),
            output =
                    @DataTypeHint("ROW<kind STRING, object STRING, snapshot_id BIGINT, problem STRING, advice STRING>"))
    public Row[] call(ProcedureContext context, String table) {
        List<Finding> findings = tables.withAnew(
                table,
                t -> new TableVerifier(t, text -> {}).verify(VerifyScope.ALL).findings());
        return findings.stream()
                .map(f -> Row.of(
                        f.kind().name().toLowerCase(Locale.ROOT), f.object(), f.snapshot(), f.problem(), f.advice()))
                .toArray(Row[]::new);
    }
}
