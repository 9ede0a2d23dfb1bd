package io.streamhouse.flink;

import io.streamhouse.flink.table.TableAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.flink.table.connector.RowLevelModificationScanContext;

/**
 * The snapshots that an UPDATE or DELETE reads, one for each table. Immutable.
 *
 * @param byTable snapshot by table, 0 for a table that had none
 */
record StatementBases(Map<TableAddress, Long> byTable) implements RowLevelModificationScanContext {
    StatementBases {
        byTable = Map.copyOf(byTable);
    }

    /** What the scans before have fixed; nothing if there were none, or none of our tables. */
    static StatementBases of(RowLevelModificationScanContext previous) {
        return previous instanceof StatementBases bases ? bases : new StatementBases(Map.of());
    }

    /** These, and one of a table unless it is fixed already. */
    StatementBases with(TableAddress table, LongSupplier newest) {
        if (byTable.containsKey(table)) {
            return this;
        }
        Map<TableAddress, Long> more = new HashMap<>(byTable);
        more.put(table, newest.getAsLong());
        return new StatementBases(more);
    }

    /** The snapshot of a table, if it is fixed. */
    OptionalLong of(TableAddress table) {
        Long base = byTable.get(table);
        return base == null ? OptionalLong.empty() : OptionalLong.of(base);
    }
}
