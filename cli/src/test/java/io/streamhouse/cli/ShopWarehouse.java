package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A warehouse with {@code default.idle}, which is empty, and {@code shop.orders}.
 *
 * @param directory where it is
 */
record ShopWarehouse(Path directory) {
    /** A fence and three commits: four rows in two partitions; one updated, one deleted; one more. */
    static ShopWarehouse in(Path directory) throws IOException {
        Path warehouse = directory.resolve("warehouse");
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            catalog.createDatabase("default", true);
            catalog.createDatabase("shop", true);
            List<Field> columns = List.of(
                    new Field(1, "day", DataType.string(), false),
                    new Field(2, "id", DataType.bigint(), false),
                    new Field(3, "amount", DataType.decimal(10, 2), true));
            TableSchema schema =
                    TableSchema.create(columns, List.of("day", "id"), List.of("day"), List.of(), 2, Map.of());
            Table orders = catalog.createTable(TableName.of("shop", "orders"), schema);
            catalog.createTable(TableName.of("default", "idle"), schema);
            try (TableWriter writer = TableWriter.open(orders, CommitUser.named("till"))) {
                for (long id = 1; id <= 4; id++) {
                    writer.write(RowKind.INSERT, order(id % 2 == 0 ? "mon" : "tue", id, "1.50"));
                }
                writer.commit(1);
                writer.write(RowKind.UPDATE_AFTER, order("mon", 2, "2.00"));
                writer.write(RowKind.DELETE, order("tue", 3, "1.50"));
                writer.commit(2);
                writer.write(RowKind.INSERT, order("mon\nday", 5, null));
                writer.commit(3);
            }
        }
        return new ShopWarehouse(warehouse);
    }

    /** A place outside of the warehouse that goes with it. */
    Path beside(String name) {
        return directory.resolveSibling(name);
    }

    /** What a writer of {@code shop.orders} is to do. */
    interface Writing {
        void with(TableWriter writer) throws IOException;
    }

    /** Writes as a user of its own, who fences before its first commit. */
    void write(Writing writing) throws IOException {
        try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of());
                TableWriter writer =
                        TableWriter.open(catalog.table(TableName.of("shop", "orders")), CommitUser.fresh())) {
            writing.with(writer);
        }
    }

    static Row order(String day, long id, String amount) {
        return Row.of(day, id, amount == null ? null : new BigDecimal(amount));
    }

    Answer run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--warehouse");
        all.add(directory.toString());
        return Answer.of(all.toArray(String[]::new));
    }

    Answer succeed(String... arguments) {
        Answer answer = run(arguments);
        assertEquals(ExitCode.OK, answer.code(), answer.err());
        return answer;
    }

    static void assertFailure(String code, String named, Answer answer) {
        assertEquals(ExitCode.FAILURE, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().startsWith("error " + code + ": "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertEquals(1, answer.err().lines().count(), answer.err());
    }

    static void assertUsage(String named, Answer answer) {
        assertEquals(ExitCode.USAGE, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().startsWith("error USAGE: "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertFalse(answer.err().contains("\tat "), answer.err());
    }
}
