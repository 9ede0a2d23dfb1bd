package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads a table of millions of keys, then resolves upserts and deletes all over it with a writer that knows nothing yet. */
final class LargeKeyIndexProcess {
    private static final TableName TABLE = TableName.of("db", "large");
    private static final int LOAD_COMMIT = 500_000;
    private static final int CHANGES = 100_000;
    /** A prime: multiples of it visit all keys below a count that it does not divide. */
    private static final long STRIDE = 1_000_003;

    private LargeKeyIndexProcess() {}

    /** Arguments: warehouse directory, number of keys (a multiple of 500,000), buckets. */
    public static void main(String[] arguments) throws IOException {
        long keys = Long.parseLong(arguments[1]);
        Table table = create(Path.of(arguments[0]), Integer.parseInt(arguments[2]));
        long start = System.nanoTime();
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            load(writer, keys);
        }
        long loaded = System.nanoTime();
        System.out.printf(
                "loaded %,d keys in %.1f s, peak heap %,d MiB%n", keys, (loaded - start) / 1e9, peakMebibytes());
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            change(writer, keys);
        }
        System.out.printf(
                "%,d changes all over them in %.1f s, peak heap %,d MiB of %,d%n",
                CHANGES,
                (System.nanoTime() - loaded) / 1e9,
                peakMebibytes(),
                Runtime.getRuntime().maxMemory() >> 20);
        Snapshot head = table.snapshots().latest().orElseThrow();
        System.out.printf(
                "rows=%d inserted=%d updated=%d deleted=%d%n",
                head.totals().rowCount(),
                head.change().counts().inserted(),
                head.change().counts().updated(),
                head.change().counts().deleted());
    }

    private static Table create(Path warehouse, int buckets) throws IOException {
        Catalog catalog = Catalogs.open(Components.system(ObjectStores.local(warehouse)));
        catalog.createDatabase(TABLE.database(), true);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        return catalog.createTable(
                TABLE, TableSchema.create(fields, List.of("id"), List.of(), List.of(), buckets, Map.of()));
    }

    private static void load(TableWriter writer, long keys) throws IOException {
        RowViews rows = views();
        for (long i = 0; i < keys; i++) {
            writer.write(RowKind.INSERT, row(rows, i * STRIDE % keys));
            if ((i + 1) % LOAD_COMMIT == 0) {
                writer.commit((i + 1) / LOAD_COMMIT);
            }
        }
    }

    /** Nine upserts of keys that are there to one delete. */
    private static void change(TableWriter writer, long keys) throws IOException {
        RowViews rows = views();
        for (long i = 0; i < CHANGES; i++) {
            long key = i * (keys / CHANGES);
            writer.write(i % 10 == 0 ? RowKind.DELETE : RowKind.INSERT, row(rows, key));
        }
        writer.commit(1);
    }

    private static RowViews views() {
        return RowViews.of(
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true)),
                List.of("id"));
    }

    private static RowView row(RowViews rows, long key) {
        return rows.view(Row.of(key, key));
    }

    private static long peakMebibytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
