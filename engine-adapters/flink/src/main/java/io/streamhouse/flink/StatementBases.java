package io.streamhouse.flink;

import io.streamhouse.flink.table.TableAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.table.connector.RowLevelModificationScanContext;

/**
 * What the scans of an UPDATE or DELETE have fixed, one for each table. Immutable.
 *
 * @param byTable by table
 */
record StatementBases(Map<TableAddress, Base> byTable) implements RowLevelModificationScanContext {
    /**
     * One table.
     *
     * @param snapshotId the snapshot that all its scans read, 0 for a table that had none
     * @param scans how often the statement names the table as one to read
     */
    record Base(long snapshotId, int scans) {}

    StatementBases {
        byTable = Map.copyOf(byTable);
    }

    /** What the scans before have fixed; nothing if there were none, or none of our tables. */
    static StatementBases of(RowLevelModificationScanContext previous) {
        return previous instanceof StatementBases bases ? bases : new StatementBases(Map.of());
    }

    /** These and one more scan of a table, which fixes its snapshot if it is the first. */
    StatementBases with(TableAddress table, LongSupplier newest) {
        Map<TableAddress, Base> more = new HashMap<>(byTable);
        Base base = byTable.get(table);
        more.put(table, base == null ? new Base(newest.getAsLong(), 1) : new Base(base.snapshotId(), base.scans() + 1));
        return new StatementBases(more);
    }

    /** What is fixed of a table, if anything. */
    Optional<Base> of(TableAddress table) {
        return Optional.ofNullable(byTable.get(table));
    }
}
