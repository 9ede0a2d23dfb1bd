package io.streamhouse.write;

import java.io.Serializable;
import java.util.Map;

/** Which partitions an overwrite replaces. */
public sealed interface Extent extends Serializable {
    /** The whole table. */
    record Everything() implements Extent {}

    /** The partitions that the new rows are in. */
    record OfNewRows() implements Extent {}

    /**
     * Partitions with given values; new rows must be in them.
     *
     * @param values value by partition column, classes as in {@link io.streamhouse.spec.Row}, null for NULL; columns left
     *     out may have any value
     */
    record Partitions(Map<String, Object> values) implements Extent {
        public Partitions {
            // NULL is a value, so Map.copyOf cannot be used
            values = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(values));
        }
    }
}
