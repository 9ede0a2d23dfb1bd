package io.streamhouse.testkit.simulation.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every hostile name is refused with {@code BAD_NAME} in one printable line, or kept exactly. */
class HostileNamesTest {
    private static final List<Field> COLUMNS =
            List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "text", DataType.string(), true));

    @TempDir
    Path scratch;

    private static Components components(ObjectStore store) {
        return new Components(
                store, ManualClock.atMillis(1_700_000_000_000L), new SeededIds(1), Seeds.random(1), Runnable::run);
    }

    private static TableSchema schema(List<Field> columns) {
        return TableSchema.create(columns, List.of("id"), List.of(), List.of(), 1, Map.of());
    }

    private interface Attempt {
        void run() throws IOException;
    }

    /** True if it succeeds; fails unless a refusal is typed, in one line without anything hidden. */
    private static boolean succeeds(String name, Attempt attempt) throws IOException {
        try {
            attempt.run();
            return true;
        } catch (StreamhouseException e) {
            assertEquals(ErrorCode.BAD_NAME, e.code(), e.getMessage());
            assertTrue(e.getMessage().equals(TableName.printable(e.getMessage())), "hidden characters in the message");
            String shown = TableName.printable(
                    name.substring(0, name.offsetByCodePoints(0, Math.min(10, name.codePointCount(0, name.length())))));
            assertTrue(e.getMessage().contains(shown), () -> e.getMessage() + " does not show " + shown);
            return false;
        }
    }

    @Test
    void thereAreTwoHundred() {
        assertTrue(HostileNames.all().size() >= 200, HostileNames.all().size() + " names");
    }

    /** Everything on the disk stands in the directory of a table or database whose name was taken, spelled as it is. */
    private static void checkDisk(Path outer, Set<String> directories) throws IOException {
        try (Stream<Path> files = Files.walk(outer)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path below = outer.relativize(file);
                assertEquals("warehouse", below.getName(0).toString(), below + " is outside");
                String database = below.getName(1).toString();
                boolean marker = below.getNameCount() == 3 && below.endsWith("database.json");
                String directory = marker ? database : database + "/" + below.getName(2);
                assertTrue(directories.contains(directory), below + " belongs to no table");
            }
        }
    }

    @Test
    void tablesAndDatabasesOfHostileNamesAreRefusedOrStandInTheirDirectory() throws Exception {
        Set<String> directories = new HashSet<>();
        Set<String> tables = new TreeSet<>();
        Set<String> databases = new TreeSet<>(Set.of("shop"));
        try (ObjectStore store = ObjectStores.local(scratch.resolve("warehouse"))) {
            Catalog catalog = Catalogs.open(components(store));
            catalog.createDatabase("shop", false);
            directories.add("shop.db");
            for (String name : HostileNames.all()) {
                if (succeeds(name, () -> catalog.createTable(TableName.of("shop", name), schema(COLUMNS)))) {
                    tables.add(name);
                    directories.add("shop.db/" + name);
                    assertEquals(
                            name,
                            catalog.table(TableName.of("shop", name)).name().table());
                }
                if (succeeds(name, () -> catalog.createDatabase(name, false))) {
                    databases.add(name);
                    directories.add(name + ".db");
                }
            }
            assertEquals(List.copyOf(tables), catalog.tables("shop"));
            assertEquals(List.copyOf(databases), catalog.databases());
        }
        assertTrue(tables.size() > 20 && tables.size() < 150, tables.size() + " tables");
        checkDisk(scratch, directories);
        Files.createFile(scratch.resolve("escaped"));
        assertThrows(AssertionError.class, () -> checkDisk(scratch, directories), "a file outside was not seen");
    }

    private static List<Row> rows(Table table) throws IOException {
        List<Row> out = new ArrayList<>();
        try (BatchScan scan = TableScan.of(table).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    out.add(RowReader.row(b, scan.columns(), b.position(i)));
                }
            }
        }
        return out;
    }

    @Test
    void columnsOfHostileNamesAreRefusedOrKeptExactly() throws Exception {
        int kept = 0;
        for (String name : HostileNames.all()) {
            if (name.equals("id")) {
                continue;
            }
            Components components = components(ObjectStores.memory());
            Catalog catalog = Catalogs.open(components);
            catalog.createDatabase("shop", false);
            List<Field> columns = List.of(COLUMNS.get(0), new Field(2, name, DataType.string(), true));
            TableName table = TableName.of("shop", "t");
            if (succeeds(name, () -> catalog.createTable(table, schema(columns)))) {
                kept++;
                try (TableWriter writer = TableWriter.open(catalog.table(table), CommitUser.named("job"))) {
                    writer.write(RowKind.INSERT, Row.of(1L, "v"));
                    writer.commit(1);
                }
                Table read = Catalogs.open(components).table(table);
                assertEquals(name, read.schema().fields().get(1).name());
                assertEquals(List.of(Row.of(1L, "v")), rows(read));
            }
        }
        assertTrue(kept > 100, kept + " columns");
    }

    @Test
    void hostileValuesOfPartitionsAreKeptExactlyAndAreNoPaths() throws Exception {
        ObjectStore store = ObjectStores.memory();
        Components components = components(store);
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase("shop", false);
        TableName name = TableName.of("shop", "t");
        List<Field> columns =
                List.of(new Field(1, "part", DataType.string(), false), new Field(2, "id", DataType.bigint(), false));
        catalog.createTable(
                name, TableSchema.create(columns, List.of("part", "id"), List.of("part"), List.of(), 1, Map.of()));
        Set<Row> written = new HashSet<>();
        try (TableWriter writer = TableWriter.open(catalog.table(name), CommitUser.named("job"))) {
            for (String value : HostileNames.all()) {
                Row row = Row.of(value, 7L);
                try {
                    writer.write(RowKind.INSERT, row);
                    written.add(row);
                } catch (StreamhouseException e) {
                    // half a pair is no text
                    assertEquals(ErrorCode.SCHEMA_MISMATCH, e.code(), e.getMessage());
                    assertEquals(e.getMessage(), TableName.printable(e.getMessage()));
                }
            }
            writer.commit(1);
        }
        assertTrue(written.size() > 150, written.size() + " values");
        List<Row> read = rows(Catalogs.open(components).table(name));
        assertEquals(written.size(), read.size());
        assertEquals(written, new HashSet<>(read));
        for (ObjectInfo object : store.list("")) {
            assertTrue(object.path().matches("shop\\.db/(database\\.json|t/[a-z]+/[a-z0-9.-]+)"), object.path());
        }
    }
}
