package io.streamhouse.read;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A table on a counted memory store, next to the model that says what is in it; every commit moves the clock a second. */
public final class TestTable implements AutoCloseable {
    static final long EPOCH = 1_700_000_000_000L;
    static final TableName NAME = TableName.of("shop", "orders");

    public final ObjectStore bytes = ObjectStores.memory();
    final CountingObjectStore store;
    final ManualClock clock = ManualClock.atMillis(EPOCH);
    final Components components;
    final TableSchema schema;
    final Table table;
    final TableModel model;
    private final List<TableWriter> writers = new ArrayList<>();
    private final long[] commits;

    /** Key columns of an append table's model: all of them. */
    private final int[] key;

    public TestTable(TableSchema schema, long seed, int jobs) throws IOException {
        this.schema = schema;
        this.store = CountingObjectStore.byKind(bytes, path -> path);
        this.components = new Components(store, clock, new SeededIds(seed), Seeds.random(seed), Runnable::run);
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(NAME.database(), true);
        this.table = catalog.createTable(NAME, schema);
        this.model = new TableModel(TableModel.naturalOrder());
        this.key = schema.keyIndexes();
        this.commits = new long[jobs];
        for (int i = 0; i < jobs; i++) {
            writers.add(TableWriter.open(open(), CommitUser.named("job-" + i)));
            model.commitNothing();
        }
    }

    /** The table as somebody else opens it. */
    public Table open() throws IOException {
        return Catalogs.open(components).table(NAME);
    }

    /** id, region, status, amount; buckets by id. */
    public static TableSchema orders(int buckets) {
        return orders(List.of(), buckets);
    }

    static TableSchema orders(List<String> partitionKeys, int buckets) {
        return orders(partitionKeys, buckets, FileFormat.PARQUET);
    }

    static TableSchema orders(List<String> partitionKeys, int buckets, FileFormat format) {
        List<String> key = new ArrayList<>(partitionKeys);
        key.add("id");
        return TableSchema.create(
                columns(), key, partitionKeys, List.of(), buckets, Map.of("file.format", format.name()));
    }

    static List<Field> columns() {
        return List.of(
                new Field(1, "region", DataType.string(), true),
                new Field(2, "id", DataType.bigint(), true),
                new Field(3, "status", DataType.string(), true),
                new Field(4, "amount", DataType.decimal(12, 2), true),
                new Field(5, "rate", DataType.of(io.streamhouse.spec.type.TypeRoot.DOUBLE), true));
    }

    List<Object> keyOf(List<Object> row) {
        List<Object> out = new ArrayList<>();
        for (int k : key) {
            out.add(row.get(k));
        }
        return out;
    }

    public Write upsert(Object... row) {
        List<Object> values = Collections.unmodifiableList(java.util.Arrays.asList(row));
        return Write.upsert(keyOf(values), values);
    }

    /** A delete of the key of such a row. */
    Write delete(Object... row) {
        return Write.delete(keyOf(java.util.Arrays.asList(row)));
    }

    /** Commits by the first job. */
    long commit(Write... writes) throws IOException {
        return commit(0, List.of(writes));
    }

    public long commit(int job, List<Write> writes) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        TableWriter writer = writers.get(job);
        for (Write w : writes) {
            if (w.row().isPresent()) {
                writer.write(RowKind.INSERT, Row.of(w.row().get().toArray()));
            } else {
                writer.write(RowKind.DELETE, keyRow(w.key()));
            }
        }
        writer.commit(++commits[job]);
        return model.commit(writes);
    }

    /** A row with nothing but a key. */
    Row keyRow(List<Object> values) {
        Object[] row = new Object[schema.fields().size()];
        for (int i = 0; i < key.length; i++) {
            row[key[i]] = values.get(i);
        }
        return Row.of(row);
    }

    /** Random upserts and deletes over few keys, so that most commits meet older ones. */
    List<Write> randomWrites(RandomGenerator random, int most, int keys) {
        List<Write> out = new ArrayList<>();
        int n = 1 + random.nextInt(most);
        String[] regions = {"north", "south", "west"};
        String[] status = {"new", "paid", "sent", null};
        for (int i = 0; i < n; i++) {
            long id = random.nextInt(keys);
            Object[] row = {
                regions[(int) (id % 3)],
                id,
                status[random.nextInt(4)],
                random.nextInt(8) == 0 ? null : java.math.BigDecimal.valueOf(random.nextInt(500), 2),
                random.nextInt(8) == 0 ? null : random.nextInt(4) / 2.0
            };
            out.add(random.nextInt(4) == 0 ? delete(row) : upsert(row));
        }
        return out;
    }

    static List<Object> values(ColumnBatch batch, List<Field> fields, int position) {
        Row row = RowReader.row(batch, fields, position);
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            out.add(row.value(i));
        }
        return out;
    }

    /** All rows of a scan, in its order. */
    static List<List<Object>> rows(TableScan scan) throws IOException {
        List<List<Object>> out = new ArrayList<>();
        try (BatchScan open = scan.open()) {
            for (ColumnBatch b = open.next(); b != null; b = open.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    out.add(values(b, open.columns(), b.position(i)));
                }
            }
        }
        return out;
    }

    /** A scan of all columns as the model sees a table; a key twice fails. */
    NavigableMap<List<Object>, List<Object>> keyed(List<List<Object>> rows) {
        NavigableMap<List<Object>, List<Object>> out = new TreeMap<>(TableModel.naturalOrder());
        for (List<Object> row : rows) {
            if (out.put(keyOf(row), row) != null) {
                throw new AssertionError("two rows have the key " + keyOf(row));
            }
        }
        return out;
    }

    /** The changes of a batch of all columns. */
    List<ModelChange> changes(ChangeBatch batch, List<Field> fields) {
        List<ModelChange> out = new ArrayList<>();
        for (int i = 0; i < batch.rowCount(); i++) {
            List<Object> row = values(batch.rows(), fields, i);
            out.add(new ModelChange(batch.snapshotId(), RowKind.of(batch.kinds()[i]), keyOf(row), row));
        }
        return out;
    }

    /** Everything up to the bound, or up to what there is. */
    List<ModelChange> drain(ChangelogReader reader) throws IOException {
        List<ModelChange> out = new ArrayList<>();
        for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
            out.addAll(changes(b, reader.columns()));
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        for (TableWriter writer : writers) {
            writer.close();
        }
    }
}
