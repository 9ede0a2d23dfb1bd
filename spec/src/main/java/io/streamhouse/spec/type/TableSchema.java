package io.streamhouse.spec.type;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * One version of a table's columns, layout and options; checked at birth.
 *
 * @param id schema id, from 0, ascending
 * @param highestFieldId largest field id ever used
 * @param fields columns in order
 * @param layout keys, partitions, buckets
 * @param options table options as the user gave them, known keys only
 * @param comment free text, empty if none
 */
public record TableSchema(
        int id,
        int highestFieldId,
        List<Field> fields,
        TableLayout layout,
        Map<String, String> options,
        String comment) {
    public TableSchema {
        if (id < 0) {
            throw new IllegalArgumentException("schema id " + id);
        }
        fields = List.copyOf(fields);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        checkFields(fields, highestFieldId);
        checkLayout(fields, layout);
    }

    /**
     * A first schema: field ids 1 to n; the default bucket key is the primary key without partition columns. Columns of
     * the primary key become NOT NULL.
     *
     * @param buckets buckets per partition; ignored (1) if the key consists of partition columns only
     * @param bucketKey bucket key as the user gave it, empty for the default
     */
    public static TableSchema create(
            List<Field> columns,
            List<String> primaryKey,
            List<String> partitionKeys,
            List<String> bucketKey,
            int buckets,
            Map<String, String> options) {
        List<Field> fields = new ArrayList<>();
        for (Field c : columns) {
            boolean nullable = c.nullable() && !primaryKey.contains(c.name());
            fields.add(new Field(fields.size() + 1, c.name(), c.type(), nullable, c.comment()));
        }
        List<String> effective = new ArrayList<>(bucketKey);
        if (bucketKey.isEmpty()) {
            primaryKey.stream().filter(k -> !partitionKeys.contains(k)).forEach(effective::add);
        }
        boolean oneBucket = !primaryKey.isEmpty() && effective.isEmpty();
        TableLayout layout = new TableLayout(primaryKey, partitionKeys, effective, oneBucket ? 1 : buckets);
        return new TableSchema(0, fields.size(), fields, layout, options, "");
    }

    private static void checkFields(List<Field> fields, int highestFieldId) {
        if (fields.isEmpty()) {
            throw new StreamhouseException(ErrorCode.UNSUPPORTED_TYPE, "a table needs at least one column");
        }
        Map<String, String> seen = new HashMap<>();
        Set<Integer> ids = new HashSet<>();
        for (Field f : fields) {
            if (f.name().isBlank() || f.name().codePoints().anyMatch(TableSchema::isUnwritable)) {
                throw new StreamhouseException(
                        ErrorCode.BAD_NAME,
                        "column name '%s' is blank or holds control characters or half a surrogate pair"
                                .formatted(TableName.printable(f.name())));
            }
            String other = seen.put(f.name().toLowerCase(Locale.ROOT), f.name());
            if (other != null) {
                throw new StreamhouseException(
                        ErrorCode.BAD_NAME,
                        "columns '%s' and '%s' differ only in case or not at all"
                                .formatted(TableName.printable(other), TableName.printable(f.name())));
            }
            if (f.id() < 1 || f.id() > highestFieldId || !ids.add(f.id())) {
                throw new IllegalArgumentException("field id %d of '%s' is used twice or not in 1 to %d"
                        .formatted(f.id(), f.name(), highestFieldId));
            }
        }
    }

    /** Code points that no record can hold, or no message show. */
    private static boolean isUnwritable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }

    private static void checkLayout(List<Field> fields, TableLayout layout) {
        checkKeyColumns(fields, "primary key", layout.primaryKey());
        checkKeyColumns(fields, "partition key", layout.partitionKeys());
        checkKeyColumns(fields, "bucket-key", layout.bucketKey());
        if (layout.partitionKeys().size() == fields.size()) {
            throw new StreamhouseException(ErrorCode.BAD_KEY, "all columns are partition columns");
        }
        if (layout.hasKey()) {
            List<String> missing = new ArrayList<>(layout.partitionKeys());
            missing.removeAll(layout.primaryKey());
            if (!missing.isEmpty()) {
                throw new StreamhouseException(
                        ErrorCode.BAD_KEY,
                        "the primary key %s must contain the partition columns %s"
                                .formatted(layout.primaryKey(), missing));
            }
            List<String> foreign = new ArrayList<>(layout.bucketKey());
            foreign.removeAll(layout.primaryKey());
            if (!foreign.isEmpty()) {
                throw new StreamhouseException(
                        ErrorCode.BAD_KEY,
                        "bucket-key columns %s are not in the primary key %s".formatted(foreign, layout.primaryKey()));
            }
        }
        List<String> both = new ArrayList<>(layout.bucketKey());
        both.retainAll(layout.partitionKeys());
        if (!both.isEmpty()) {
            throw new StreamhouseException(
                    ErrorCode.BAD_KEY, "bucket-key columns %s are partition columns".formatted(both));
        }
        if (layout.bucketKey().size() == 1
                && fieldOf(fields, layout.bucketKey().get(0)).type().root() == TypeRoot.BOOLEAN) {
            throw new StreamhouseException(
                    ErrorCode.BAD_KEY,
                    "bucket-key '%s' is BOOLEAN alone: two values cannot fill buckets"
                            .formatted(layout.bucketKey().get(0)));
        }
    }

    private static void checkKeyColumns(List<Field> fields, String what, List<String> names) {
        List<String> seen = new ArrayList<>();
        for (String name : names) {
            Field field = fieldOf(fields, name);
            if (field == null) {
                throw new StreamhouseException(
                        ErrorCode.BAD_KEY,
                        "%s column '%s' is not a column of the table".formatted(what, TableName.printable(name)));
            }
            if (!field.type().isKeyType()) {
                throw new StreamhouseException(
                        ErrorCode.BAD_KEY,
                        "%s column '%s' is %s, which cannot be a key (NaN, -0.0)".formatted(what, name, field.type()));
            }
            if (seen.contains(name)) {
                throw new StreamhouseException(ErrorCode.BAD_KEY, "%s names column '%s' twice".formatted(what, name));
            }
            seen.add(name);
        }
    }

    private static Field fieldOf(List<Field> fields, String name) {
        for (Field f : fields) {
            if (f.name().equals(name)) {
                return f;
            }
        }
        return null;
    }

    /** Position of a column by name. */
    public OptionalInt indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Positions of the named columns, which must exist. */
    public int[] indexesOf(List<String> names) {
        int[] out = new int[names.size()];
        for (int i = 0; i < out.length; i++) {
            String name = names.get(i);
            out[i] = indexOf(name)
                    .orElseThrow(() -> new StreamhouseException(
                            ErrorCode.SCHEMA_MISMATCH,
                            "column '%s' does not exist; columns are %s"
                                    .formatted(
                                            TableName.printable(name),
                                            fields.stream().map(Field::name).toList())));
        }
        return out;
    }

    /** Positions of the primary key columns. */
    public int[] keyIndexes() {
        return indexesOf(layout.primaryKey());
    }

    /** Positions of the partition columns. */
    public int[] partitionIndexes() {
        return indexesOf(layout.partitionKeys());
    }

    /** The schema reduced to the given columns, in that order; layout and options stay behind. */
    public List<Field> project(int[] columns) {
        List<Field> out = new ArrayList<>();
        for (int c : columns) {
            out.add(fields.get(c));
        }
        return out;
    }

    /** A copy with other options. */
    public TableSchema withOptions(Map<String, String> newOptions) {
        return new TableSchema(id, highestFieldId, fields, layout, newOptions, comment);
    }

    /** A copy with a comment. */
    public TableSchema withComment(String newComment) {
        return new TableSchema(id, highestFieldId, fields, layout, options, newComment);
    }
}
