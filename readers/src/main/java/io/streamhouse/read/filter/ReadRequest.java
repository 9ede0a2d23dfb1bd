package io.streamhouse.read.filter;

import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a reader wants of rows: columns in the order of delivery, and a filter. Immutable, thread-safe. */
public final class ReadRequest {
    private final TableSchema schema;
    private final List<Field> columns;
    private final RowFilter filter;
    private final RowFilter keyFilter;

    private ReadRequest(TableSchema schema, List<Field> columns, Optional<Predicate> predicate) {
        this.schema = schema;
        this.columns = List.copyOf(columns);
        this.filter = predicate.map(p -> RowFilter.bind(p, schema.fields())).orElse(null);
        this.keyFilter = predicate
                .flatMap(p -> onKeyOnly(p, schema))
                .map(p -> RowFilter.bind(p, schema.fields()))
                .orElse(null);
    }

    /** Every column of every row. */
    public static ReadRequest all(TableSchema schema) {
        return new ReadRequest(schema, schema.fields(), Optional.empty());
    }

    /**
     * @param schema the schema that the reader planned with; files of other schemas are mapped to it by field id
     * @param columns names of the columns to deliver, in order; may be empty
     * @param predicate which rows; its columns need not be delivered
     */
    public static ReadRequest of(TableSchema schema, List<String> columns, Optional<Predicate> predicate) {
        return new ReadRequest(schema, schema.project(schema.indexesOf(columns)), predicate);
    }

    private static Optional<Predicate> onKeyOnly(Predicate predicate, TableSchema schema) {
        Set<String> key = Set.copyOf(schema.layout().primaryKey());
        List<Predicate> parts = RowFilter.conjuncts(predicate).stream()
                .filter(p -> key.containsAll(p.columns()))
                .collect(Collectors.toUnmodifiableList());
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Predicate.And(parts));
    }

    public TableSchema schema() {
        return schema;
    }

    /** The delivered columns. */
    public List<Field> columns() {
        return columns;
    }

    /** The filter, or null for none. */
    public RowFilter filter() {
        return filter;
    }

    /** The part of the filter that a key alone decides, or null for none: a row that fails it never passed before. */
    public RowFilter keyFilter() {
        return keyFilter;
    }
}
