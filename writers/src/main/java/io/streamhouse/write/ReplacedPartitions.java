package io.streamhouse.write;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Decides of each partition whether an overwrite replaces it. One thread. */
final class ReplacedPartitions implements Predicate<Partition> {
    private final Predicate<Partition> rule;
    private final Map<Partition, Boolean> known = new HashMap<>();

    private ReplacedPartitions(Predicate<Partition> rule) {
        this.rule = rule;
    }

    /**
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} for a column that is none of the partition, or a new row outside
     *     of the partitions that are named
     */
    static ReplacedPartitions of(Table table, Extent extent, CommitDelta delta) {
        Set<Partition> written = new HashSet<>();
        delta.parts().forEach(p -> p.files().forEach(f -> f.slices().forEach(s -> written.add(s.partition()))));
        if (extent instanceof Extent.Everything) {
            return new ReplacedPartitions(p -> true);
        }
        if (extent instanceof Extent.OfNewRows) {
            return new ReplacedPartitions(written::contains);
        }
        ReplacedPartitions named = named(table, ((Extent.Partitions) extent).values());
        for (Partition partition : written) {
            if (!named.test(partition)) {
                throw new StreamhouseException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "new rows of %s are in %s, the overwrite is of %s".formatted(table.name(), partition, extent));
            }
        }
        return named;
    }

    private static ReplacedPartitions named(Table table, Map<String, Object> values) {
        TableSchema schema = table.schema();
        List<String> columns = schema.layout().partitionKeys();
        for (String column : values.keySet()) {
            if (!columns.contains(column)) {
                throw new StreamhouseException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "'%s' is no partition column of %s, these are: %s".formatted(column, table.name(), columns));
            }
        }
        if (columns.isEmpty()) {
            return new ReplacedPartitions(p -> true);
        }
        List<Field> fields = schema.project(schema.partitionIndexes());
        KeyEncoder encoder = KeyEncoder.of(fields);
        return new ReplacedPartitions(partition -> {
            List<ColumnVector> tuple = encoder.decode(partition);
            for (int i = 0; i < fields.size(); i++) {
                String name = fields.get(i).name();
                Object value = RowReader.value(tuple.get(i), fields.get(i).type(), 0);
                if (values.containsKey(name) && !same(values.get(name), value)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean same(Object wanted, Object value) {
        if (wanted instanceof BigDecimal a && value instanceof BigDecimal b) {
            return a.compareTo(b) == 0;
        }
        return Objects.deepEquals(wanted, value);
    }

    @Override
    public boolean test(Partition partition) {
        return known.computeIfAbsent(partition, rule::test);
    }
}
