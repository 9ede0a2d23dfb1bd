package io.streamhouse.flink.procedure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.table.procedures.Procedure;

/**
 * What {@code CALL sys.name(…)} runs; the only place that knows all procedures. Thread-safe.
 *
 * <p>A procedure is a public class of this package with public methods {@code call(ProcedureContext, …)}, annotated with
 * the names of their arguments. It runs in the process that plans the statement.
 */
public final class Procedures {
    /** The database whose name calls them; there need not be one of this name. */
    public static final String DATABASE = "sys";

    private final Map<String, Procedure> byName = new TreeMap<>();

    private Procedures() {}

    /** The procedures of one catalog. */
    public static Procedures of(ProcedureTables tables) {
        Procedures out = new Procedures();
        out.byName.put("compact", new Compact(tables));
        out.byName.put("expire_snapshots", new ExpireSnapshots(tables));
        out.byName.put("remove_orphan_files", new RemoveOrphanFiles(tables));
        out.byName.put("rollback_to", new RollbackTo(tables));
        out.byName.put("verify", new Verify(tables));
        return out;
    }

    /** A procedure, if there is one of this name. */
    public Optional<Procedure> find(String database, String name) {
        return database.equals(DATABASE) ? Optional.ofNullable(byName.get(name)) : Optional.empty();
    }

    /** Names of the procedures of a database, ascending. */
    public List<String> names(String database) {
        return database.equals(DATABASE) ? List.copyOf(byName.keySet()) : List.of();
    }
}
