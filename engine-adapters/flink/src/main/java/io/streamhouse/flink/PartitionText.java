package io.streamhouse.flink;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Values of partition columns as Flink hands them over in {@code PARTITION (p = 'x')}: text. */
final class PartitionText {
    /** Flink's name of the partition whose column is NULL. */
    static final String NULL = "__DEFAULT_PARTITION__";

    private PartitionText() {}

    /**
     * The values that texts mean, by column.
     *
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} for a column that is none of the partition, or a text that is no
     *     value of its type
     */
    static Map<String, Object> values(TableSchema schema, Map<String, String> texts) {
        Map<String, Object> out = new TreeMap<>();
        new TreeMap<>(texts).forEach((column, text) -> {
            if (!schema.layout().partitionKeys().contains(column)) {
                throw new StreamhouseException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "'%s' is no partition column, these are: %s"
                                .formatted(
                                        TableName.printable(column),
                                        schema.layout().partitionKeys()));
            }
            Field field = schema.fields().stream()
                    .filter(f -> f.name().equals(column))
                    .findFirst()
                    .orElseThrow();
            out.put(column, value(field, text));
        });
        return out;
    }

    private static Object value(Field field, String text) {
        if (text == null || text.equals(NULL)) {
            return null;
        }
        try {
            return parse(field.type(), text);
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "partition column '%s' is %s and cannot hold '%s'"
                            .formatted(field.name(), field.type(), TableName.printable(text)),
                    e);
        }
    }

    private static Object parse(DataType type, String text) {
        return switch (type.root()) {
            case BOOLEAN -> parseBoolean(text);
            case TINYINT -> Byte.valueOf(text);
            case SMALLINT -> Short.valueOf(text);
            case INT -> Integer.valueOf(text);
            case BIGINT -> Long.valueOf(text);
            case FLOAT -> Float.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case DECIMAL -> new BigDecimal(text).setScale(type.scale(), RoundingMode.UNNECESSARY);
            case CHAR -> padded(text, type.length());
            case VARCHAR -> fitting(text, type.length());
            case BINARY, VARBINARY -> HexFormat.of().parseHex(text);
            case DATE -> LocalDate.parse(text);
            case TIME -> LocalTime.parse(text);
            case TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
            case TIMESTAMP_LTZ -> Instant.parse(text);
        };
    }

    private static String fitting(String text, int length) {
        if (text.codePointCount(0, text.length()) > length) {
            throw new IllegalArgumentException("longer than " + length);
        }
        return text;
    }

    /** As rows hold it. */
    private static String padded(String text, int length) {
        return fitting(text, length) + " ".repeat(length - text.codePointCount(0, text.length()));
    }

    private static boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("no BOOLEAN");
        };
    }
}
