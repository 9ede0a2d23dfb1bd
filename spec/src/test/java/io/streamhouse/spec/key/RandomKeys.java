package io.streamhouse.spec.key;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random key columns and rows, and the order that keys must have, told by plain Java. */
final class RandomKeys {
    private final Random random;
    final List<Field> fields = new ArrayList<>();

    RandomKeys(Random random, int columns) {
        this.random = random;
        for (int c = 0; c < columns; c++) {
            fields.add(new Field(c + 1, "k" + c, type(), true));
        }
    }

    private DataType type() {
        TypeRoot root;
        do {
            root = TypeRoot.values()[random.nextInt(TypeRoot.values().length)];
        } while (root == TypeRoot.FLOAT || root == TypeRoot.DOUBLE);
        return switch (root) {
            case DECIMAL -> DataType.decimal(random.nextBoolean() ? 18 : 38, 4);
            case CHAR, VARCHAR, BINARY, VARBINARY -> new DataType(root, 40, 0);
            case TIME -> new DataType(root, 6, 0);
            case TIMESTAMP, TIMESTAMP_LTZ -> new DataType(root, random.nextBoolean() ? 6 : 9, 0);
            default -> DataType.of(root);
        };
    }

    Row row(boolean nulls) {
        return Row.of(fields.stream()
                .map(f -> nulls && random.nextInt(4) == 0 ? null : value(f.type()))
                .toArray());
    }

    private Object value(DataType type) {
        long n = random.nextLong() >> random.nextInt(64);
        int nanos = random.nextInt(1000) * 1_000_000;
        return switch (type.root()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) n;
            case SMALLINT -> (short) n;
            case INT -> (int) n;
            case BIGINT -> n;
            case DECIMAL -> new BigDecimal(BigInteger.valueOf(n >> 5), type.scale());
            case CHAR, VARCHAR -> text();
            case BINARY, VARBINARY -> text().getBytes(StandardCharsets.UTF_16LE);
            case DATE -> LocalDate.ofEpochDay((int) n);
            case TIME -> LocalTime.ofNanoOfDay(Math.floorMod(n, 86_400_000_000L) * 1000);
            case TIMESTAMP -> LocalDateTime.ofEpochSecond(n >> 31, nanos, ZoneOffset.UTC);
            case TIMESTAMP_LTZ -> Instant.ofEpochSecond(n >> 31, nanos);
            case FLOAT, DOUBLE -> throw new AssertionError(type);
        };
    }

    private String text() {
        String[] parts = {"\u0000", "\u0001", "a", "b", "ÿ", "\uFFFD", "😀", ""};
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            out.append(parts[random.nextInt(parts.length)]);
        }
        return out.toString();
    }

    List<ColumnVector> columns(List<Row> rows) {
        List<ColumnBuilder> builders = new ArrayList<>();
        fields.forEach(f -> builders.add(ColumnBuilder.of(f.type().physical())));
        RowViews views = RowViews.of(fields, List.of());
        for (Row row : rows) {
            RowView view = views.view(row);
            for (int c = 0; c < builders.size(); c++) {
                builders.get(c).append(view, c);
            }
        }
        return builders.stream().map(ColumnBuilder::build).toList();
    }

    /** Column by column; NULL first; text and binary by unsigned bytes. */
    static int compare(Row a, Row b) {
        for (int c = 0; c < a.size(); c++) {
            int order = compareValues(a.value(c), b.value(c));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @SuppressWarnings("unchecked")
    private static int compareValues(Object a, Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        if (a instanceof String s) {
            return compareValues(s.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
        }
        if (a instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) b);
        }
        return ((Comparable<Object>) a).compareTo(b);
    }
}
