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
     * @param byPosition whether rows end in the columns of {@link io.streamhouse.flink.source.PositionColumn}, which name
     *     what they replace or delete; otherwise their key does
     */
    record RowChanges(long base, boolean byPosition) implements Statement {}

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

    /** Whether rows may reach any writer: what they replace is found without looking. */
    default boolean isByPosition() {
        return this instanceof RowChanges changes && changes.byPosition();
    }

    /** Whether it has something to publish without any row. */
    default boolean publishesNoRows() {
        return this instanceof Replacement r && !(r.extent() instanceof Extent.OfNewRows);
    }
}
