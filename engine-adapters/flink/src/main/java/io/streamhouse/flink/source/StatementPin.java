package io.streamhouse.flink.source;

import java.io.Serializable;
import java.util.Objects;

/**
 * The snapshot that an UPDATE or DELETE reads, fixed when it was planned; plain values only, because the plan is shipped.
 *
 * @param snapshotId the snapshot, 0 for a table that had none
 * @param owner the statement, for people who look at leases
 */
public record StatementPin(long snapshotId, String owner) implements Serializable {
    private static final long serialVersionUID = 1L;

    public StatementPin {
        Objects.requireNonNull(owner, "owner");
    }
}
