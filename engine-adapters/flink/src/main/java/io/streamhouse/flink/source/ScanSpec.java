package io.streamhouse.flink.source;

import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.read.filter.Predicate;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a source's tasks need to know; plain values only, because the plan is shipped.
 *
 * @param address the table
 * @param schemaId schema that the statement was planned with
 * @param columns names of the columns to read, in order
 * @param positions where rows stand, behind the columns; batch only
 * @param condition rows that do not pass need not be read; null for none
 * @param limit rows after which a reader may stop, {@link #NO_LIMIT} for none; batch only
 * @param range where to start and to end
 * @param batch true for a scan of one snapshot, false for a stream
 */
public record ScanSpec(
        TableAddress address,
        int schemaId,
        List<String> columns,
        List<PositionColumn> positions,
        Predicate condition,
        long limit,
        ScanRange range,
        boolean batch)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** No limit. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    public ScanSpec {
        columns = List.copyOf(columns);
        positions = List.copyOf(positions);
    }

    Optional<Predicate> filter() {
        return Optional.ofNullable(condition);
    }
}
