package io.streamhouse.spec.type;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TypesTest {
    private static StreamhouseException refused(ErrorCode code, Executable action) {
        StreamhouseException e = assertThrows(StreamhouseException.class, action);
        assertEquals(code, e.code(), e.getMessage());
        return e;
    }

    private static List<Field> columns(String... namesAndTypes) {
        List<Field> out = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            out.add(new Field(0, namesAndTypes[i], DataType.parse(namesAndTypes[i + 1]), true));
        }
        return out;
    }

    private static TableSchema create(
            List<Field> columns, List<String> key, List<String> partition, List<String> bucket) {
        return TableSchema.create(columns, key, partition, bucket, 4, Map.of());
    }

    @Test
    void typesArePrintedAsTheyAreParsed() {
        for (String text : List.of(
                "BOOLEAN",
                "TINYINT",
                "SMALLINT",
                "INT",
                "BIGINT",
                "FLOAT",
                "DOUBLE",
                "DECIMAL(38, 0)",
                "DECIMAL(10, 10)",
                "CHAR(1)",
                "VARCHAR(7)",
                "STRING",
                "BINARY(3)",
                "VARBINARY(9)",
                "BYTES",
                "DATE",
                "TIME(0)",
                "TIME(6)",
                "TIMESTAMP(0)",
                "TIMESTAMP(9)",
                "TIMESTAMP_LTZ(3)")) {
            assertEquals(text, DataType.parse(text).toString());
            assertEquals(DataType.parse(text), DataType.parse(" " + text.toLowerCase(Locale.ROOT) + " "));
        }
        assertEquals(DataType.integer(), DataType.parse("INTEGER"));
        assertEquals(DataType.timestamp(6), DataType.parse("TIMESTAMP"));
        assertEquals(DataType.decimal(10, 0), DataType.parse("DECIMAL"));
    }

    @Test
    void otherTypesAreUnsupported() {
        for (String text : List.of(
                "",
                "ARRAY<INT>",
                "MAP<INT, INT>",
                "ROW<a INT>",
                "INT(4)",
                "STRING(3)",
                "TIMESTAMP(3, 1)",
                "TIMESTAMP(10)",
                "TIME(7)",
                "DECIMAL(39, 0)",
                "DECIMAL(5, 6)",
                "DECIMAL(0, 0)",
                "CHAR(0)",
                "VARCHAR(99999999999)",
                "INT; DROP")) {
            refused(ErrorCode.UNSUPPORTED_TYPE, () -> DataType.parse(text));
        }
        assertEquals(
                "UNSUPPORTED_TYPE: type 'IN\\u007fT' is not supported",
                refused(ErrorCode.UNSUPPORTED_TYPE, () -> DataType.parse("IN\u007fT"))
                        .getMessage());
    }

    @Test
    void bucketKeyIsThePrimaryKeyWithoutPartitions() {
        TableSchema schema = create(
                columns("id", "BIGINT", "day", "DATE", "v", "DOUBLE"), List.of("id", "day"), List.of("day"), List.of());
        assertEquals(List.of("id"), schema.layout().bucketKey());
        assertEquals(4, schema.layout().buckets());
        assertFalse(schema.fields().get(0).nullable());
        assertTrue(schema.fields().get(2).nullable());
        assertArrayEquals(new int[] {0, 1}, schema.keyIndexes());
        TableSchema oneBucket = create(columns("day", "DATE", "v", "INT"), List.of("day"), List.of("day"), List.of());
        assertEquals(1, oneBucket.layout().buckets());
    }

    @Test
    void badKeysAreRefusedByName() {
        List<Field> c = columns("id", "BIGINT", "day", "DATE", "f", "DOUBLE", "flag", "BOOLEAN");
        List<Executable> bad = List.of(
                () -> create(c, List.of("id"), List.of("day"), List.of()),
                () -> create(c, List.of("gone"), List.of(), List.of()),
                () -> create(c, List.of("f"), List.of(), List.of()),
                () -> create(c, List.of("id", "id"), List.of(), List.of()),
                () -> create(c, List.of(), List.of("f"), List.of()),
                () -> create(c, List.of("id"), List.of(), List.of("day")),
                () -> create(c, List.of(), List.of(), List.of("flag")),
                () -> create(c, List.of("id", "day"), List.of("day"), List.of("day")),
                () -> create(columns("a", "INT"), List.of(), List.of("a"), List.of()));
        bad.forEach(action -> refused(ErrorCode.BAD_KEY, action));
        assertTrue(refused(ErrorCode.BAD_KEY, bad.get(0)).getMessage().contains("[day]"));
    }

    @Test
    void badColumnsAreRefused() {
        refused(ErrorCode.UNSUPPORTED_TYPE, () -> create(List.of(), List.of(), List.of(), List.of()));
        refused(ErrorCode.BAD_NAME, () -> create(columns("a", "INT", "A", "INT"), List.of(), List.of(), List.of()));
        refused(ErrorCode.BAD_NAME, () -> create(columns(" ", "INT"), List.of(), List.of(), List.of()));
        refused(ErrorCode.BAD_NAME, () -> create(columns("a\nb", "INT"), List.of(), List.of(), List.of()));
        TableLayout layout = new TableLayout(List.of(), List.of(), List.of(), 1);
        List<Field> twice =
                List.of(new Field(1, "a", DataType.integer(), true), new Field(1, "b", DataType.integer(), true));
        assertThrows(IllegalArgumentException.class, () -> new TableSchema(0, 2, twice, layout, Map.of(), ""));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TableSchema(-1, 1, twice.subList(0, 1), layout, Map.of(), ""));
        assertThrows(
                IllegalArgumentException.class, () -> new TableSchema(0, 0, twice.subList(0, 1), layout, Map.of(), ""));
    }

    @Test
    void hostileNamesAreRefusedInOneLine() {
        for (String name : List.of(
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "a\\b",
                "a.b",
                "-a",
                "a b",
                "a\u0000",
                "a\nb",
                "a\u202Eb",
                "x".repeat(129),
                "a%2f",
                "~",
                "a:b",
                "\uD83D",
                "😀")) {
            StreamhouseException e = refused(ErrorCode.BAD_NAME, () -> TableName.of("db", name));
            assertFalse(e.getMessage().contains("\n") || e.getMessage().contains("\u0000"), e::getMessage);
            refused(ErrorCode.BAD_NAME, () -> TableName.of(name, "t"));
        }
        for (String name : List.of("a", "_a", "ods_orders", "9", "größe", "表", "a-b", "x".repeat(128))) {
            assertEquals(name, TableName.parse("db." + name).table());
        }
        refused(ErrorCode.BAD_NAME, () -> TableName.parse("a"));
        refused(ErrorCode.BAD_NAME, () -> TableName.parse("a.b.c"));
    }
}
