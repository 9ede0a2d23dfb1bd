package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The keys of a history's table: one or two fixed words, byte strings, with and without partitions. Tables without key get
 * rows whose first column is unique all the same, so that the model can tell them apart.
 */
enum KeyShape {
    LONG(true, List.of("id"), List.of()),
    STRING(true, List.of("name"), List.of()),
    LONG_STRING(true, List.of("name"), List.of()),
    /** So long that a few rows fill manifests, and delete keys do not fit into a snapshot or a committable. */
    HUGE_STRING(true, List.of("name"), List.of()),
    PARTITIONED(true, List.of("part", "id"), List.of("part")),
    PARTITIONED_BY_TEXT(true, List.of("region", "id"), List.of("region")),
    APPEND(false, List.of("id"), List.of()),
    APPEND_PARTITIONED(false, List.of("part", "id"), List.of("part"));

    static final int BUCKETS = 4;
    private static final int PARTITIONS = 2;
    /** Nothing that compresses well. */
    private static final String HUGE = Seeds.random(1)
            .ints(3000, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private final boolean keyed;
    private final List<String> key;
    private final List<String> partition;

    KeyShape(boolean keyed, List<String> key, List<String> partition) {
        this.keyed = keyed;
        this.key = key;
        this.partition = partition;
    }

    TableSchema schema(Map<String, String> options) {
        List<Field> fields = new ArrayList<>();
        for (String name : key) {
            fields.add(new Field(fields.size() + 1, name, typeOf(name), false));
        }
        fields.add(new Field(fields.size() + 1, "v", DataType.bigint(), true));
        List<String> bucketKey = this == APPEND_PARTITIONED ? List.of("id") : List.of();
        return TableSchema.create(fields, keyed ? key : List.of(), partition, bucketKey, BUCKETS, options);
    }

    boolean isKeyed() {
        return keyed;
    }

    private static DataType typeOf(String column) {
        return switch (column) {
            case "id" -> DataType.bigint();
            case "part" -> DataType.integer();
            default -> DataType.string();
        };
    }

    /** Columns of the key, which stand first in every row. */
    int keyColumns() {
        return key.size();
    }

    /** The key of a number from 0. */
    List<Object> key(int number) {
        return switch (this) {
            case LONG, APPEND -> List.of((long) number);
            case LONG_STRING -> List.of("a-rather-long-key-of-some-customer-" + number);
            case HUGE_STRING -> List.of(HUGE.substring(number) + number);
            case STRING -> List.of("k".repeat(number % 4) + number);
            case PARTITIONED, APPEND_PARTITIONED -> List.of(number % PARTITIONS, (long) (number / PARTITIONS));
            case PARTITIONED_BY_TEXT ->
                List.of(number % PARTITIONS == 0 ? "north" : "south", (long) (number / PARTITIONS));
        };
    }

    /** The row of a key and a value. */
    static Row row(List<Object> key, Long value) {
        List<Object> values = new ArrayList<>(key);
        values.add(value);
        return Row.of(values.toArray());
    }
}
