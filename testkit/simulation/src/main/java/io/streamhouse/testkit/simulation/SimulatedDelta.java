package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.testkit.TableModel;
import java.util.List;
import java.util.UUID;

/**
 * What a delta means, as the one who wrote it knows.
 *
 * @param name short name for traces
 * @param identity its identity
 * @param lineage all earlier deltas of its own timeline, oldest first
 * @param writes last write of each key
 */
record SimulatedDelta(String name, DeltaIdentity identity, List<UUID> lineage, List<TableModel.Write> writes) {
    SimulatedDelta {
        lineage = List.copyOf(lineage);
        writes = List.copyOf(writes);
    }

    UUID uuid() {
        return identity.delta();
    }

    String user() {
        return identity.user();
    }
}
