package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a program may get wrong is refused with a code and the name of what is wrong, and nothing of it is kept. */
class BadInputTest {
    private static final TableName NAME = TableName.of("db", "t");

    private final ObjectStore store = ObjectStores.memory();

    private static Field field(String name, String type) {
        return new Field(1, name, DataType.parse(type), true);
    }

    private static TableSchema schema(List<Field> fields, List<String> key, List<String> partitions) {
        return TableSchema.create(fields, key, partitions, List.of(), 4, Map.of());
    }

    private Table table(TableSchema schema) throws IOException {
        Catalog catalog = Catalogs.open(Components.system(store));
        catalog.createDatabase("db", true);
        catalog.dropTable(NAME, true);
        return catalog.createTable(NAME, schema);
    }

    private Table idAndValue() throws IOException {
        return table(schema(List.of(field("id", "BIGINT"), field("v", "BIGINT")), List.of("id"), List.of()));
    }

    private static void refused(ErrorCode code, String part, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private List<String> objects() throws IOException {
        return store.list("").stream().map(ObjectInfo::path).toList();
    }

    @Test
    void rowsThatDoNotFitAreRefusedByColumnAndTheWriterGoesOn() throws Exception {
        Table table = table(schema(
                List.of(
                        field("id", "BIGINT"),
                        field("b", "TINYINT"),
                        field("m", "DECIMAL(6, 2)"),
                        field("s", "VARCHAR(3)")),
                List.of("id"),
                List.of()));
        List<Map.Entry<String, Row>> bad = List.of(
                Map.entry("3 values", Row.of(1L, (byte) 1, null)),
                Map.entry("'id'", Row.of("one", null, null, null)),
                Map.entry("'b'", Row.of(1L, 128, null, null)),
                Map.entry("'m'", Row.of(1L, null, new java.math.BigDecimal("10000.00"), null)),
                Map.entry("'m'", Row.of(1L, null, new java.math.BigDecimal("0.001"), null)),
                Map.entry("'m'", Row.of(1L, null, new java.math.BigDecimal("1e999999999"), null)),
                Map.entry("'m'", Row.of(1L, null, 1.5, null)),
                Map.entry("'s'", Row.of(1L, null, null, "four")),
                Map.entry("'s'", Row.of(1L, null, null, "\ud800")));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (Map.Entry<String, Row> e : bad) {
                refused(ErrorCode.SCHEMA_MISMATCH, e.getKey(), () -> writer.write(RowKind.INSERT, e.getValue()));
            }
            refused(ErrorCode.NULL_KEY, "'id'", () -> writer.write(RowKind.INSERT, Row.of(null, null, null, null)));
            refused(ErrorCode.NULL_KEY, "'id'", () -> writer.write(RowKind.DELETE, Row.of(null, null, null, null)));
            writer.write(RowKind.INSERT, Row.of(7L, (byte) 1, new java.math.BigDecimal("9999.99"), "abc"));
            writer.commit(1);
        }
        assertEquals(1, table.snapshots().latest().orElseThrow().totals().rowCount());
    }

    @Test
    void aNullInAnyColumnOfACompositeKeyIsRefusedAlsoInAPartition() throws Exception {
        Table table = table(schema(
                List.of(field("p", "STRING"), field("id", "BIGINT"), field("v", "INT")),
                List.of("p", "id"),
                List.of("p")));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (RowKind kind : RowKind.values()) {
                refused(ErrorCode.NULL_KEY, "'p'", () -> writer.write(kind, Row.of(null, 1L, 1)));
                refused(ErrorCode.NULL_KEY, "'id'", () -> writer.write(kind, Row.of("x", null, 1)));
            }
        }
    }

    @Test
    void aTableWithoutKeyTakesInsertsOnlyAndTheWriterGoesOn() throws Exception {
        Table table = table(schema(List.of(field("v", "INT")), List.of(), List.of()));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (RowKind kind : List.of(RowKind.DELETE, RowKind.UPDATE_BEFORE)) {
                refused(ErrorCode.SCHEMA_MISMATCH, kind.symbol(), () -> writer.write(kind, Row.of(1)));
            }
            writer.write(RowKind.INSERT, Row.of(1));
            writer.commit(1);
        }
        assertEquals(1, table.snapshots().latest().orElseThrow().totals().rowCount());
    }

    @Test
    void definitionsThatCannotBeATableAreRefusedByName() {
        List<Field> fields = List.of(field("id", "BIGINT"), field("p", "STRING"), field("d", "DOUBLE"));
        refused(ErrorCode.BAD_KEY, "[p]", () -> schema(fields, List.of("id"), List.of("p")));
        refused(ErrorCode.BAD_KEY, "'d'", () -> schema(fields, List.of("d"), List.of()));
        refused(ErrorCode.BAD_KEY, "'d'", () -> schema(fields, List.of(), List.of("d")));
        refused(ErrorCode.BAD_KEY, "'x'", () -> schema(fields, List.of("x"), List.of()));
        refused(ErrorCode.BAD_KEY, "'id' twice", () -> schema(fields, List.of("id", "id"), List.of()));
        refused(
                ErrorCode.BAD_KEY,
                "[p]",
                () -> TableSchema.create(fields, List.of("id"), List.of(), List.of("p"), 4, Map.of()));
        refused(
                ErrorCode.BAD_NAME,
                "'ID'",
                () -> schema(List.of(field("id", "INT"), field("ID", "INT")), List.of(), List.of()));
        refused(ErrorCode.BAD_NAME, "\\u0000", () -> schema(List.of(field("a\0b", "INT")), List.of(), List.of()));
        refused(ErrorCode.UNSUPPORTED_TYPE, "column", () -> schema(List.of(), List.of(), List.of()));
        for (String type :
                List.of("MAP<INT, INT>", "DECIMAL(39, 0)", "DECIMAL(5, 6)", "TIMESTAMP(10)", "VARIANT", "")) {
            refused(ErrorCode.UNSUPPORTED_TYPE, type.replaceAll("[(<].*", ""), () -> DataType.parse(type));
        }
    }

    @Test
    void badOptionsMakeNoTable() throws Exception {
        List<Field> fields = List.of(field("id", "BIGINT"));
        Map<Map<String, String>, String> bad =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        bad.put(Map.of("bukket", "4"), "'bucket'");
        bad.put(Map.of("target-file-size", "huge"), "huge");
        bad.put(Map.of("write-buffer-size", "1 kb"), "write-buffer-size");
        bad.put(Map.of("merge-engine", "aggregation"), "not available yet");
        bad.put(Map.of("sequence.field", "id"), "not available yet");
        bad.put(Map.of("tag.automatic-creation", "daily"), "not available yet");
        for (Map.Entry<Map<String, String>, String> e : bad.entrySet()) {
            StreamhouseException refused = assertThrows(
                    StreamhouseException.class,
                    () -> table(TableSchema.create(fields, List.of("id"), List.of(), List.of(), 4, e.getKey())),
                    e.toString());
            assertEquals(
                    e.getKey().containsKey("bukket") ? ErrorCode.UNKNOWN_OPTION : ErrorCode.BAD_OPTION_VALUE,
                    refused.code());
            assertTrue(refused.getMessage().contains(e.getValue()), refused.getMessage());
        }
        assertEquals(List.of("db.db/database.json"), objects());
    }

    @Test
    void badCommitUsersAreRefused() {
        for (String name : List.of("", " ", "a\nb", "x".repeat(129))) {
            refused(ErrorCode.BAD_OPTION_VALUE, "commit user", () -> CommitUser.named(name));
        }
    }

    @Test
    void aDamagedStateOfAWriterIsRefusedAndPublishesNothing() throws Exception {
        Table table = idAndValue();
        byte[] state;
        try (TableWriter writer = TableWriter.open(table, CommitUser.named("loader"))) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            writer.commit(1);
            state = writer.state();
        }
        List<byte[]> bad = new ArrayList<>();
        for (int length = 0; length < state.length; length++) {
            bad.add(Arrays.copyOf(state, length));
        }
        bad.add(Arrays.copyOf(state, state.length + 1));
        byte[] future = state.clone();
        future[0]++;
        bad.add(future);
        long head = table.snapshots().latest().orElseThrow().id();
        for (byte[] s : bad) {
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> TableWriter.open(table, s));
            assertEquals(s == future ? ErrorCode.UNKNOWN_VERSION : ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
        }
        assertEquals(head, table.snapshots().latest().orElseThrow().id());
        TableWriter.open(table, state).close();
    }

    @Test
    void aWarehouseWithoutTheRightToWriteRefusesTheWriterAndKeepsTheTable() throws Exception {
        Table table = idAndValue();
        try (TableWriter writer = TableWriter.open(table, CommitUser.named("first"))) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            writer.commit(1);
        }
        List<String> before = objects();
        Table readOnly =
                Catalogs.open(Components.system(new ReadOnlyStore(store))).table(NAME);
        refused(ErrorCode.NO_PERMISSION, store.uri(), () -> TableWriter.open(readOnly, CommitUser.fresh()));
        TableWriter engine = TableWriter.forEngine(readOnly, WriterSettings.single(readOnly));
        engine.write(RowKind.INSERT, Row.of(2L, 2L));
        refused(ErrorCode.NO_PERMISSION, store.uri(), engine::flush);
        assertThrows(IllegalStateException.class, () -> engine.write(RowKind.INSERT, Row.of(3L, 3L)));
        assertEquals(before, objects());
        WriteAndCommitTest.check(readOnly, new TreeMap<>(Map.of(1L, 1L)));
    }

    @Test
    void aTableThatIsGoneIsMissing() throws Exception {
        Table table = idAndValue();
        Catalog catalog = Catalogs.open(Components.system(store));
        catalog.dropTable(NAME, false);
        refused(ErrorCode.TABLE_NOT_FOUND, "db.t", () -> catalog.table(NAME));
        refused(ErrorCode.TABLE_NOT_FOUND, "db.u", () -> catalog.table(TableName.of("db", "u")));
        refused(ErrorCode.DATABASE_NOT_FOUND, "'x'", () -> catalog.createTable(TableName.of("x", "t"), table.schema()));
        refused(ErrorCode.BAD_NAME, "..", () -> TableName.of("db", ".."));
    }
}
