package io.streamhouse.flink.procedure;

import io.streamhouse.catalog.CleaningReport;
import io.streamhouse.catalog.OrphanCleaner;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/**
 * {@code CALL sys.remove_orphan_files('db.t', '7d', true)}: deletes what no snapshot names and none will, one row a kind of
 * object; with {@code true} it only says what would go.
 */
public final class RemoveOrphanFiles implements Procedure {
    private static final String OUTPUT = "ROW<kind STRING, objects BIGINT, size_bytes BIGINT>";

    private final ProcedureTables tables;

    RemoveOrphanFiles(ProcedureTables tables) {
        this.tables = tables;
    }

    /** Called by Flink. One method: only then can arguments be named and left out. */
    @ProcedureHint(
            arguments = {
                @ArgumentHint(name = "table", type = @DataTypeHint("STRING")),
                @ArgumentHint(name = "older_than", type = @DataTypeHint("STRING"), isOptional = true),
                @ArgumentHint(name = "dry_run", type = @DataTypeHint("BOOLEAN"), isOptional = true)
            },
            output = @DataTypeHint(OUTPUT))
    public Row[] call(ProcedureContext context, String table, String olderThan, Boolean dryRun) {
        return run(table, age(olderThan), dryRun != null && dryRun);
    }

    private static Duration age(String text) {
        try {
            return text == null ? OrphanCleaner.DEFAULT_AGE : DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ValidationException(
                    "%s: older_than: %s; write it as '7 d' or '36 h', or leave it out for '%s'"
                            .formatted(
                                    ErrorCode.BAD_OPTION_VALUE,
                                    TableName.printable(e.getMessage()),
                                    DurationText.print(OrphanCleaner.DEFAULT_AGE)),
                    e);
        }
    }

    private Row[] run(String table, Duration olderThan, boolean dryRun) {
        List<CleaningReport.Group> groups = tables.with(
                table, t -> OrphanCleaner.of(t).run(olderThan, dryRun).groups());
        return groups.stream()
                .map(g -> Row.of(g.kind().name().toLowerCase(Locale.ROOT), g.objects(), g.bytes()))
                .toArray(Row[]::new);
    }
}
