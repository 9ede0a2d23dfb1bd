package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.testkit.TableModel.Write;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/**
 * What a delta means, as the one who wrote it knows.
 *
 * @param name short name for traces
 * @param identity its identity
 * @param lineage all earlier deltas of its own timeline, oldest first
 * @param writes last write of each key
 */
record SimulatedDelta(String name, DeltaIdentity identity, List<UUID> lineage, List<Write> writes) {
    private static final int SHOWN_WRITES = 8;

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

    /** Name and first writes. */
    @Override
    public String toString() {
        StringJoiner out = new StringJoiner(", ", name + " {", "}");
        for (Write w : writes.subList(0, Math.min(SHOWN_WRITES, writes.size()))) {
            out.add(w.row().map(Object::toString).orElse("-" + w.key()));
        }
        if (writes.size() > SHOWN_WRITES) {
            out.add("… %d in all".formatted(writes.size()));
        }
        return out.toString();
    }
}
