package io.streamhouse.flink.sink;

import io.streamhouse.write.Extent;
import java.io.Serializable;
import java.util.Objects;

/** What a sink does with the rows that reach it; plain values only, because the plan is shipped. */
public sealed interface Statement extends Serializable {
    /** INSERT INTO: changes on top of the newest snapshot. */
    record Insert() implements Statement {}

    /**
     * UPDATE or DELETE: rows replace or delete those that the statement has read at its base.
     *
     * @param base the snapshot, 0 for a table that had none
     */
    record RowChanges(long base) implements Statement {}

    /**
     * INSERT OVERWRITE: rows take the place of what is there when they are published.
     *
     * @param extent what they replace
     */
    record Replacement(Extent extent) implements Statement {
        public Replacement {
            Objects.requireNonNull(extent, "extent");
        }
    }

    /** Whether it has something to publish without any row. */
    default boolean publishesNoRows() {
        return this instanceof Replacement r && !(r.extent() instanceof Extent.OfNewRows);
    }
}
