package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What every catalog does on every store. */
public abstract class CatalogContract {
    private static final TableName ORDERS = TestWorld.ORDERS;

    /** A world around a new, empty warehouse; the same one for all calls within a test. */
    protected abstract Components components() throws Exception;

    private Catalog catalog() throws Exception {
        return Catalogs.open(components());
    }

    private Catalog catalogWithShop() throws Exception {
        Catalog catalog = catalog();
        catalog.createDatabase("shop", false);
        return catalog;
    }

    static void assertRefused(ErrorCode code, String part, Executable call) {
        StreamhouseException e = assertThrows(StreamhouseException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void databasesComeAndGo() throws Exception {
        Catalog catalog = catalog();
        assertEquals(List.of(), catalog.databases());
        catalog.createDatabase("shop", false);
        catalog.createDatabase("bank", false);
        assertEquals(List.of("bank", "shop"), catalog.databases());
        assertEquals(List.of("bank", "shop"), catalog().databases());
        catalog.createDatabase("shop", true);
        assertRefused(ErrorCode.DATABASE_EXISTS, "'shop'", () -> catalog.createDatabase("shop", false));
        catalog.dropDatabase("bank", false, false);
        assertEquals(List.of("shop"), catalog.databases());
        catalog.dropDatabase("bank", true, false);
        assertRefused(ErrorCode.DATABASE_NOT_FOUND, "'bank'", () -> catalog.dropDatabase("bank", false, false));
        assertRefused(ErrorCode.DATABASE_NOT_FOUND, "'bank'", () -> catalog.tables("bank"));
    }

    @Test
    void tablesComeAndGo() throws Exception {
        Catalog catalog = catalogWithShop();
        assertEquals(List.of(), catalog.tables("shop"));
        assertFalse(catalog.tableExists(ORDERS));
        Table made = catalog.createTable(ORDERS, TestWorld.schema(Map.of("bucket", "8")));
        assertEquals(ORDERS, made.name());
        assertTrue(made.uri().endsWith("/shop.db/orders"), made.uri());
        assertTrue(catalog.tableExists(ORDERS));
        assertEquals(List.of("orders"), catalog.tables("shop"));
        assertEquals(Optional.empty(), made.snapshots().latest());
        assertEquals(OptionalLong.empty(), made.snapshots().earliestId());
        Table opened = catalog().table(ORDERS);
        assertEquals(made.schema(), opened.schema());
        assertEquals(made.schema(), opened.schema(0));
        catalog.dropTable(ORDERS, false);
        assertFalse(catalog.tableExists(ORDERS));
        assertEquals(List.of(), catalog.tables("shop"));
        assertEquals(List.of(), components().store().list("shop.db/orders"));
        catalog.dropTable(ORDERS, true);
        assertRefused(ErrorCode.TABLE_NOT_FOUND, "shop.orders", () -> catalog.dropTable(ORDERS, false));
        assertRefused(ErrorCode.TABLE_NOT_FOUND, "shop.orders", () -> catalog.table(ORDERS));
        assertRefused(ErrorCode.MISSING_FILE, "schema/7.json", () -> opened.schema(7));
    }

    @Test
    void aTableIsMadeOnceAndOnlyInADatabase() throws Exception {
        Catalog catalog = catalogWithShop();
        catalog.createTable(ORDERS, TestWorld.schema());
        assertRefused(ErrorCode.TABLE_EXISTS, "shop.orders", () -> catalog.createTable(ORDERS, TestWorld.schema()));
        assertRefused(
                ErrorCode.DATABASE_NOT_FOUND,
                "'bank'",
                () -> catalog.createTable(TableName.of("bank", "orders"), TestWorld.schema()));
        assertEquals(List.of("shop"), catalog.databases());
    }

    @Test
    void namesThatDifferOnlyInCaseAreRefused() throws Exception {
        Catalog catalog = catalogWithShop();
        catalog.createTable(ORDERS, TestWorld.schema());
        assertRefused(
                ErrorCode.BAD_NAME,
                "'orders'",
                () -> catalog.createTable(TableName.of("shop", "Orders"), TestWorld.schema()));
        assertRefused(ErrorCode.BAD_NAME, "'shop'", () -> catalog.createDatabase("SHOP", true));
        assertEquals(List.of("shop"), catalog.databases());
        assertEquals(List.of("orders"), catalog.tables("shop"));
    }

    @Test
    void hostileNamesAreRefusedBeforeAnyEffect() throws Exception {
        Catalog catalog = catalogWithShop();
        for (String name :
                List.of("", ".", "..", "../up", "a/b", "a\\b", "a\0b", "a\nb", "-a", "a.b", "x".repeat(129))) {
            assertRefused(ErrorCode.BAD_NAME, "database name", () -> catalog.createDatabase(name, true));
            assertRefused(ErrorCode.BAD_NAME, "database name", () -> catalog.dropDatabase(name, true, true));
            assertRefused(ErrorCode.BAD_NAME, "database name", () -> catalog.tables(name));
            assertRefused(ErrorCode.BAD_NAME, "table name", () -> TableName.of("shop", name));
        }
        assertEquals(1, components().store().list("").size());
    }

    @Test
    void aDatabaseWithTablesGoesOnlyWithThem() throws Exception {
        Catalog catalog = catalogWithShop();
        catalog.createTable(ORDERS, TestWorld.schema());
        assertRefused(ErrorCode.DATABASE_NOT_EMPTY, "'orders'", () -> catalog.dropDatabase("shop", false, false));
        assertTrue(catalog.tableExists(ORDERS));
        catalog.dropDatabase("shop", false, true);
        assertEquals(List.of(), catalog.databases());
        assertEquals(List.of(), components().store().list(""));
    }

    @Test
    void unknownAndMalformedOptionsMakeNoTable() throws Exception {
        Catalog catalog = catalogWithShop();
        assertRefused(
                ErrorCode.UNKNOWN_OPTION,
                "'bucket'",
                () -> catalog.createTable(ORDERS, TestWorld.schema(Map.of("buckets", "4"))));
        assertRefused(
                ErrorCode.BAD_OPTION_VALUE,
                "write-buffer-size",
                () -> catalog.createTable(ORDERS, TestWorld.schema(Map.of("write-buffer-size", "many"))));
        assertFalse(catalog.tableExists(ORDERS));
    }

    @Test
    void optionsChangeInANewSchema() throws Exception {
        Catalog catalog = catalogWithShop();
        Table before = catalog.createTable(ORDERS, TestWorld.schema(Map.of("bucket", "4")));
        catalog.alterOptions(ORDERS, Map.of("write-buffer-size", "32 mb", "target-file-size", "64 mb"), Set.of());
        catalog.alterOptions(ORDERS, Map.of(), Set.of("target-file-size"));
        catalog.alterOptions(ORDERS, Map.of("write-buffer-size", "32 mb"), Set.of());
        Table after = catalog.table(ORDERS);
        assertEquals(2, after.schema().id());
        assertEquals(
                Map.of("bucket", "4", "write-buffer-size", "32 mb"),
                after.schema().options());
        assertEquals(before.schema(), after.schema(0));
        assertEquals(before.schema().fields(), after.schema().fields());
        assertRefused(
                ErrorCode.UNKNOWN_OPTION,
                "'bucket'",
                () -> catalog.alterOptions(ORDERS, Map.of("bukket", "1"), Set.of()));
        assertRefused(
                ErrorCode.BAD_OPTION_VALUE,
                "'bucket'",
                () -> catalog.alterOptions(ORDERS, Map.of("bucket", "5"), Set.of()));
        assertRefused(
                ErrorCode.BAD_OPTION_VALUE, "'bucket'", () -> catalog.alterOptions(ORDERS, Map.of(), Set.of("bucket")));
        assertRefused(
                ErrorCode.TABLE_NOT_FOUND,
                "shop.nothing",
                () -> catalog.alterOptions(TableName.of("shop", "nothing"), Map.of(), Set.of()));
        assertEquals(2, catalog.table(ORDERS).schema().id());
    }

    @Test
    void remainsOfADropThatDiedAreNotPartOfANewTable() throws Exception {
        Catalog catalog = catalogWithShop();
        Table table = catalog.createTable(ORDERS, TestWorld.schema());
        publish(table, 1);
        components().store().delete("shop.db/orders/schema/0.json");
        assertFalse(catalog.tableExists(ORDERS));
        assertEquals(
                Optional.empty(),
                catalog.createTable(ORDERS, TestWorld.schema()).snapshots().latest());
    }

    @Test
    void snapshotsFollowEachOther() throws Exception {
        Table table = catalogWithShop().createTable(ORDERS, TestWorld.schema());
        for (int n = 1; n <= 5; n++) {
            Snapshot made = publish(table, n);
            assertEquals(n, made.id());
            assertEquals(10L * n, made.totals().rowCount());
            assertEquals(10L * n, made.totals().nextRowId());
        }
        SnapshotChain other = catalog().table(ORDERS).snapshots();
        Snapshot head = other.latest().orElseThrow();
        assertEquals(5, head.id());
        assertArrayEquals(SnapshotCodec.write(table.snapshots().latest().orElseThrow()), SnapshotCodec.write(head));
        assertEquals(5, other.tree(head).entries().size());
        assertEquals(
                List.of(2L, 3L), other.list(2, 3).stream().map(Snapshot::id).toList());
        assertEquals(OptionalLong.of(1), other.earliestId());
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, "newest is 5", () -> other.snapshot(6));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, "snapshot 0", () -> other.snapshot(0));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, "snapshot -1", () -> other.snapshot(-1));
    }

    private Snapshot publish(Table table, int n) throws Exception {
        Optional<Snapshot> head = table.snapshots().latest();
        UUID delta = new UUID(n, n);
        DeltaIdentity identity = TestWorld.batch(delta);
        CommitOutcome outcome = table.snapshots()
                .publish(head, TestWorld.append(identity, List.of(TestWorld.file(delta, 10, 2)), List.of()));
        return assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
    }
}
