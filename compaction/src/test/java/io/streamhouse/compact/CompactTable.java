package io.streamhouse.compact;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A table of columns of all types on a store, two writers, and the model that says what is in it. */
final class CompactTable implements AutoCloseable {
    static final TableName NAME = TableName.of("shop", "goods");
    private static final int JOBS = 2;
    private static final List<String> TYPES = List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INT",
            "BIGINT",
            "FLOAT",
            "DOUBLE",
            "DECIMAL(12, 2)",
            "DECIMAL(30, 4)",
            "CHAR(3)",
            "STRING",
            "BYTES",
            "DATE",
            "TIME(3)",
            "TIMESTAMP(6)",
            "TIMESTAMP_LTZ(3)");

    /** Keys and partitions; the columns of the key stand first. Rows of tables without key are told apart by theirs too. */
    enum Shape {
        LONG(true, List.of("id"), List.of()),
        TEXT(true, List.of("name"), List.of()),
        PARTITIONED(true, List.of("part", "id"), List.of("part")),
        APPEND(false, List.of("id"), List.of()),
        APPEND_PARTITIONED(false, List.of("part", "id"), List.of("part"));

        final boolean keyed;
        final List<String> key;
        final List<String> partition;

        Shape(boolean keyed, List<String> key, List<String> partition) {
            this.keyed = keyed;
            this.key = key;
            this.partition = partition;
        }

        List<Object> key(int number) {
            return switch (this) {
                case LONG, APPEND -> List.of((long) number);
                case TEXT -> List.of("k".repeat(number % 5) + number);
                case PARTITIONED, APPEND_PARTITIONED -> List.of("p" + number % 3, (long) number);
            };
        }
    }

    final ObjectStore bytes;
    final Shape shape;
    final Table table;
    final TableModel model = new TableModel(TableModel.naturalOrder());
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final SeededIds ids;
    private final List<TableWriter> writers = new ArrayList<>();
    private final long[] commits = new long[JOBS];
    private int appended;

    CompactTable(Shape shape, long seed) throws IOException {
        this(shape, seed, FileFormat.PARQUET);
    }

    CompactTable(Shape shape, long seed, FileFormat format) throws IOException {
        this(shape, seed, format, ObjectStores.memory());
    }

    CompactTable(Shape shape, long seed, FileFormat format, ObjectStore bytes) throws IOException {
        this.bytes = bytes;
        this.shape = shape;
        this.ids = new SeededIds(seed);
        Catalog catalog = Catalogs.open(components(bytes));
        catalog.createDatabase(NAME.database(), true);
        this.table = catalog.createTable(NAME, schema(shape, format));
        for (int i = 0; i < JOBS; i++) {
            writers.add(TableWriter.open(open(s -> s), CommitUser.named("job-" + i)));
            model.commitNothing();
        }
    }

    private static TableSchema schema(Shape shape, FileFormat format) {
        List<Field> fields = new ArrayList<>();
        for (String name : shape.key) {
            fields.add(new Field(1, name, name.equals("id") ? DataType.bigint() : DataType.string(), !shape.keyed));
        }
        for (int i = 0; i < TYPES.size(); i++) {
            fields.add(new Field(1, "c" + i, DataType.parse(TYPES.get(i)), true));
        }
        return TableSchema.create(
                fields,
                shape.keyed ? shape.key : List.of(),
                shape.partition,
                List.of(),
                3,
                Map.of("file.format", format.name()));
    }

    private Components components(ObjectStore store) {
        return new Components(store, clock, ids, Seeds.random(1), Runnable::run);
    }

    /** The table as another process opens it, through a store of its own. */
    Table open(UnaryOperator<ObjectStore> through) throws IOException {
        return Catalogs.open(components(through.apply(bytes))).table(NAME);
    }

    /** Commits rows by one of the jobs. */
    long commit(int job, List<Write> writes) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        for (Write w : writes) {
            List<Object> row = w.row().orElseGet(() -> {
                List<Object> none = new ArrayList<>(w.key());
                none.addAll(Collections.nCopies(TYPES.size(), null));
                return none;
            });
            writers.get(job).write(w.row().isPresent() ? RowKind.INSERT : RowKind.DELETE, Row.of(row.toArray()));
        }
        writers.get(job).commit(++commits[job]);
        return model.commit(writes);
    }

    /** Upserts and deletes over few keys; inserts in a table without key. */
    List<Write> writes(RandomGenerator random, int most, int keys) {
        List<Write> out = new ArrayList<>();
        int n = 1 + random.nextInt(most);
        for (int i = 0; i < n; i++) {
            List<Object> key = shape.key(shape.keyed ? random.nextInt(keys) : ++appended);
            out.add(shape.keyed && random.nextInt(4) == 0 ? Write.delete(key) : upsert(random, key));
        }
        return out;
    }

    static Write upsert(RandomGenerator random, List<Object> key) {
        List<Object> row = new ArrayList<>(key);
        for (String type : TYPES) {
            row.add(random.nextInt(6) == 0 ? null : value(type, random));
        }
        return Write.upsert(key, row);
    }

    private static Object value(String type, RandomGenerator random) {
        return switch (type) {
            case "BOOLEAN" -> random.nextBoolean();
            case "TINYINT" -> (byte) random.nextInt();
            case "SMALLINT" -> (short) random.nextInt();
            case "INT" -> random.nextInt();
            case "BIGINT" -> random.nextInt(4) == 0 ? 0L : random.nextLong();
            case "FLOAT" -> random.nextInt(4) == 0 ? Float.NaN : random.nextFloat();
            case "DOUBLE" -> random.nextInt(4) == 0 ? -0.0 : random.nextDouble();
            case "DECIMAL(12, 2)" -> BigDecimal.valueOf(random.nextInt(), 2);
            case "DECIMAL(30, 4)" -> BigDecimal.valueOf(random.nextLong(), 4);
            case "CHAR(3)" -> new String[] {"abc", "xyz", "   "}[random.nextInt(3)];
            case "STRING" -> "ä".repeat(random.nextInt(12)) + random.nextInt(5);
            case "BYTES" -> new byte[random.nextInt(40)];
            case "DATE" -> LocalDate.ofEpochDay(random.nextInt(40_000) - 10_000);
            case "TIME(3)" -> LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L);
            case "TIMESTAMP(6)" ->
                LocalDateTime.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000, ZoneOffset.UTC);
            default -> Instant.ofEpochMilli(random.nextInt() * 1000L + random.nextInt(1000));
        };
    }

    Snapshot head() throws IOException {
        return open(s -> s).snapshots().latest().orElseThrow();
    }

    LakeView view() throws IOException {
        return LakeView.of(table.snapshots().tree(head()));
    }

    /** Live files, in the order they came. */
    List<FileEntry> files() throws IOException {
        List<FileEntry> out = new ArrayList<>(view().files());
        out.sort(Comparator.comparingLong(FileEntry::addedIn).thenComparingLong(FileEntry::firstRowId));
        return out;
    }

    Set<UUID> fileIds() throws IOException {
        Set<UUID> out = new HashSet<>();
        files().forEach(f -> out.add(f.file().object().id()));
        return out;
    }

    /** Paths of all data objects, live or not. */
    Set<String> dataObjects() throws IOException {
        Set<String> out = new HashSet<>();
        for (var info : table.components().store().list("data")) {
            out.add(info.path());
        }
        return out;
    }

    /** Fails unless a scan, the totals and the changelog say what the model says; the head is the model's. */
    void check() throws IOException {
        long head = head().id();
        if (head != model.head()) {
            throw new AssertionError("snapshot %d is the newest, the model has %d".formatted(head, model.head()));
        }
        model.checkRows(head, scan(head));
        long rows = head().totals().rowCount();
        if (rows != model.rows(head).size()) {
            throw new AssertionError("%d rows are counted, %d are there"
                    .formatted(rows, model.rows(head).size()));
        }
    }

    NavigableMap<List<Object>, List<Object>> scan(long snapshot) throws IOException {
        NavigableMap<List<Object>, List<Object>> out = new TreeMap<>(TableModel.naturalOrder());
        try (BatchScan scan = TableScan.of(table).snapshot(snapshot).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    List<Object> row = values(b, scan.columns(), b.position(i));
                    if (out.put(row.subList(0, shape.key.size()), row) != null) {
                        throw new AssertionError("snapshot %d shows %s twice".formatted(snapshot, row));
                    }
                }
            }
        }
        return out;
    }

    /** Fails unless the changelog from the first commit on replays to the model's newest rows. */
    void checkChanges() throws IOException {
        List<ModelChange> changes = new ArrayList<>();
        try (ChangelogReader reader =
                Changelog.of(open(s -> s)).from(Start.fromSnapshot(1)).open()) {
            for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                for (int i = 0; i < b.rowCount(); i++) {
                    List<Object> row = values(b.rows(), reader.columns(), i);
                    changes.add(new ModelChange(
                            b.snapshotId(), RowKind.of(b.kinds()[i]), row.subList(0, shape.key.size()), row));
                }
            }
        }
        model.checkReplay(0, model.head(), changes);
    }

    static List<Object> values(ColumnBatch batch, List<Field> fields, int position) {
        Row row = RowReader.row(batch, fields, position);
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            out.add(row.value(i));
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
