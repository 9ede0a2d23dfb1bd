package io.streamhouse.testkit.simulation.damage;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A table of the real writer in memory, next to the rows that it shows; every commit moves the clock an hour. */
final class WholeTable {
    static final TableName NAME = TableName.of("shop", "orders");
    static final String ROOT = "shop.db/orders/";

    final ObjectStore bytes = ObjectStores.memory();
    final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    final TreeMap<String, List<Object>> rows = new TreeMap<>();
    private final SeededIds ids = new SeededIds(17);
    private TableWriter writer;
    private String user = "";
    private long commits;

    WholeTable(int buckets, FileFormat format) throws IOException {
        create(components(bytes, clock, ids), "rate", buckets, format);
    }

    private static void create(Components components, String fourth, int buckets, FileFormat format)
            throws IOException {
        List<Field> columns = List.of(
                new Field(1, "id", DataType.string(), false),
                new Field(2, "count", DataType.integer(), true),
                new Field(3, "amount", DataType.decimal(12, 2), true),
                new Field(4, fourth, DataType.of(TypeRoot.DOUBLE), true),
                new Field(5, "status", DataType.string(), true));
        Map<String, String> options = Map.of(
                "file.format", format.name(), "snapshot.num-retained.min", "1", "snapshot.num-retained.max", "3");
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(NAME.database(), false);
        catalog.createTable(NAME, TableSchema.create(columns, List.of("id"), List.of(), List.of(), buckets, options));
    }

    /** Schemas 0 and 1 of a table that has another name for a column, by path: they fit the files of this one. */
    static ObjectStore twin(FileFormat format) throws IOException {
        ObjectStore twin = ObjectStores.memory();
        Components components = components(twin, ManualClock.atMillis(1_700_000_000_000L), new SeededIds(18));
        create(components, "price", 2, format);
        changeOptions(components);
        return twin;
    }

    static void changeOptions(Components components) throws IOException {
        try (Catalog catalog = Catalogs.open(components)) {
            catalog.alterOptions(NAME, Map.of("write-buffer-size", "32 mb"), Set.of());
        }
    }

    static Components components(ObjectStore store, ManualClock clock, SeededIds ids) {
        return new Components(store, clock, ids, Seeds.random(3), Runnable::run);
    }

    static Table open(Components components) throws IOException {
        return Catalogs.open(components).table(NAME);
    }

    /** The table as its writers see it. */
    Table table() throws IOException {
        return open(components(bytes, clock, ids));
    }

    static WriterSettings settings() {
        return new WriterSettings(0, 1, DataSize.ofMebibytes(64), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** A row of the key; {@code version} makes its values. */
    static List<Object> row(String key, int version) {
        int n = Math.floorMod(key.hashCode() * 31 + version, 1000);
        return java.util.Arrays.asList(
                key, n, BigDecimal.valueOf(n * 37L, 2), n % 7 == 0 ? null : n / 8.0, "status-" + n % 5);
    }

    static Row deleteOf(String key) {
        return Row.of(key, null, null, null, null);
    }

    /** Commits rows of a version and deletes, by the writer of a user. */
    void commit(String by, List<String> upserts, int version, List<String> deletes) throws IOException {
        clock.advance(Duration.ofHours(1));
        if (!by.equals(user)) {
            writer = TableWriter.open(table(), CommitUser.named(by));
            user = by;
            commits = 0;
        }
        for (String key : upserts) {
            List<Object> row = row(key, version);
            writer.write(RowKind.INSERT, Row.of(row.toArray()));
            rows.put(key, row);
        }
        for (String key : deletes) {
            writer.write(RowKind.DELETE, deleteOf(key));
            rows.remove(key);
        }
        writer.commit(++commits);
    }

    /** Merges all files. */
    void compact() throws IOException {
        clock.advance(Duration.ofHours(1));
        Table table = table();
        var files = table.snapshots().tree(head()).entries().stream()
                .map(e -> e.file().object().id())
                .collect(Collectors.toSet());
        try (TableCompactor compactor =
                TableCompactor.open(table, new CompactionSettings(32 << 20, 32 << 20, 1 << 30, 1))) {
            Compaction task = compactor.plan(files).orElseThrow();
            CompactionResult result = compactor.rewrite(task);
            if (!(compactor.publish(result) instanceof CompactionOutcome.Published)) {
                throw new AssertionError("the compaction was not published");
            }
        }
    }

    Snapshot head() throws IOException {
        return table().snapshots().latest().orElseThrow();
    }
}
