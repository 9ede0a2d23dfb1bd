package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.lake.LakeWorld.Change;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a memtable, and a buffer with spilled runs, hands to the delta, against a map of the last change per key. */
class SortedChangesTest {
    private static final List<Field> FIELDS = List.of(
            new Field(1, "region", DataType.string(), false),
            new Field(2, "id", DataType.bigint(), false),
            new Field(3, "v", DataType.bigint(), true));
    private static final TableSchema KEYED =
            TableSchema.create(FIELDS, List.of("region", "id"), List.of("region"), List.of(), 3, Map.of());
    private static final TableSchema APPEND =
            TableSchema.create(FIELDS, List.of(), List.of("region"), List.of("id"), 3, Map.of());
    private static final TableSchema UNBUCKETED =
            TableSchema.create(FIELDS, List.of(), List.of(), List.of(), 3, Map.of());

    private final RandomGenerator random = Seeds.random(Seeds.of("sorted-changes"));
    private long value;

    private record Key(String region, long id) {}

    /** Rows and deletes of one bucket, as they should come out. */
    private static final class Part {
        final List<Row> rows = new ArrayList<>();
        final List<Key> deletes = new ArrayList<>();
    }

    private Change change(int deletePercent) {
        String region = List.of("", "eu", "us", "zz").get(random.nextInt(4));
        long id = random.nextInt(60) - 30;
        return random.nextInt(100) < deletePercent
                ? new Change(random.nextBoolean() ? RowKind.DELETE : RowKind.UPDATE_BEFORE, Row.of(region, id, 0L))
                : new Change(random.nextBoolean() ? RowKind.INSERT : RowKind.UPDATE_AFTER, Row.of(region, id, ++value));
    }

    private List<Change> changes(int n, int deletePercent) {
        List<Change> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            out.add(change(deletePercent));
        }
        return out;
    }

    private static ColumnBatch batch(List<Row> rows) {
        RowViews views = RowViews.of(FIELDS, List.of());
        List<ColumnVector> columns = new ArrayList<>();
        for (int c = 0; c < FIELDS.size(); c++) {
            var builder = io.streamhouse.spec.column.ColumnBuilder.of(
                    FIELDS.get(c).type().physical());
            for (Row row : rows) {
                builder.append(views.view(row), c);
            }
            columns.add(builder.build());
        }
        return ColumnBatch.of(columns);
    }

    private static BucketId bucketOf(Row row) {
        ColumnBatch one = batch(List.of(row));
        return new BucketId(
                KeyEncoder.of(KEYED.project(new int[] {0})).partitions(List.of(one.column(0)))[0],
                new Bucketing(List.of(FIELDS.get(1)), 3).buckets(List.of(one.column(1)), 1)[0]);
    }

    /** Keyed: the last change per key, ascending by key. */
    private static Map<BucketId, Part> keyedModel(List<Change> changes) {
        TreeMap<Key, Change> last =
                new TreeMap<>(Comparator.comparing(Key::region).thenComparing(Key::id));
        changes.forEach(
                c -> last.put(new Key((String) c.row().value(0), (Long) c.row().value(1)), c));
        Map<BucketId, Part> out = new TreeMap<>();
        last.forEach((key, c) -> {
            Part part = out.computeIfAbsent(bucketOf(c.row()), b -> new Part());
            if (c.kind().isRetraction()) {
                part.deletes.add(key);
            } else {
                part.rows.add(c.row());
            }
        });
        return out;
    }

    private static void check(Map<BucketId, Part> model, SortedChanges sorted) throws IOException {
        assertEquals(
                List.copyOf(model.keySet()),
                sorted.groups().stream().map(SortedChanges.Group::id).toList());
        int row = 0;
        int delete = 0;
        KeyEncoder encoder = KeyEncoder.of(KEYED.project(KEYED.keyIndexes()));
        for (SortedChanges.Group g : sorted.groups()) {
            Part part = model.get(g.id());
            assertEquals(row, g.firstRow());
            assertEquals(part.rows, rows(sorted, row, row + g.rowCount()));
            row += g.rowCount();
            if (sorted.deleteKeys() != null) {
                assertEquals(delete, g.firstDelete());
                List<Key> keys = new ArrayList<>();
                List<ColumnVector> columns =
                        encoder.decode(sorted.deleteKeys().range(delete, delete + g.deleteCount()));
                for (int i = 0; i < g.deleteCount(); i++) {
                    Row key = RowReader.row(ColumnBatch.of(columns), FIELDS.subList(0, 2), i);
                    keys.add(new Key((String) key.value(0), (Long) key.value(1)));
                }
                assertEquals(part.deletes, keys);
                delete += g.deleteCount();
            }
        }
        assertEquals(row, sorted.rows().rowCount());
    }

    private static List<Row> rows(SortedChanges sorted, int from, int to) throws IOException {
        List<Row> out = new ArrayList<>();
        if (from == to) {
            return out;
        }
        ColumnBatch batch = sorted.rows().rows(from, to);
        for (int i = 0; i < batch.rowCount(); i++) {
            out.add(RowReader.row(batch, FIELDS, i));
        }
        return out;
    }

    private static SortedChanges seal(TableSchema schema, List<Change> changes, int appendBucket) {
        Memtable memtable = new Memtable(schema);
        RowViews views = RowViews.of(FIELDS, List.of());
        changes.forEach(c -> memtable.append(c.kind(), views.view(c.row())));
        return memtable.seal(appendBucket);
    }

    @Test
    void theLastChangeOfEachKeyStaysSortedByPartitionBucketAndKey() throws IOException {
        for (int round = 0; round < 60; round++) {
            List<Change> changes = changes(random.nextInt(400), random.nextInt(101));
            check(keyedModel(changes), seal(KEYED, changes, 0));
        }
    }

    @Test
    void spilledRunsAndMemoryJoinToWhatOneMemtableWouldGive() throws IOException {
        ObjectStore local = ObjectStores.memory();
        for (int round = 0; round < 20; round++) {
            List<Change> changes = changes(3_000, random.nextInt(101));
            try (ChangeBuffer buffer = new ChangeBuffer(KEYED, 4_000, 0, () -> local, new SeededIds(round))) {
                RowViews views = RowViews.of(FIELDS, List.of());
                for (Change c : changes) {
                    if (buffer.append(c.kind(), views.view(c.row()))) {
                        buffer.spill();
                    }
                }
                assertTrue(buffer.spilledRuns() > 2, () -> buffer.spilledRuns() + " runs");
                try (SortedChanges sorted = buffer.seal()) {
                    check(keyedModel(changes), sorted);
                }
                assertTrue(buffer.isEmpty());
            }
            assertEquals(List.of(), local.list(""), "spilled runs stay behind");
        }
    }

    @Test
    void inATableWithoutKeyEveryRowStaysInArrivalOrderOfItsBucket() throws IOException {
        for (int round = 0; round < 20; round++) {
            List<Change> changes = changes(random.nextInt(300), 0);
            Map<BucketId, Part> model = new TreeMap<>();
            changes.forEach(c -> model.computeIfAbsent(bucketOf(c.row()), b -> new Part())
                    .rows
                    .add(c.row()));
            SortedChanges sorted = seal(APPEND, changes, 0);
            assertNull(sorted.rowKeys());
            check(model, sorted);
        }
    }

    @Test
    void withoutBucketKeyAWritersRowsAreOneBucketInArrivalOrder() throws IOException {
        List<Change> changes = changes(100, 0);
        SortedChanges sorted = seal(UNBUCKETED, changes, 4);
        assertEquals(1, sorted.groups().size());
        assertEquals(4 % 3, sorted.groups().get(0).id().bucket());
        assertEquals(changes.stream().map(Change::row).toList(), rows(sorted, 0, 100));
    }

    @Test
    void aSealedMemtableIsEmptyAndIsUsedAgain() throws IOException {
        Memtable memtable = new Memtable(KEYED);
        RowViews views = RowViews.of(FIELDS, List.of());
        List<SortedChanges> seals = new ArrayList<>();
        List<List<Change>> written = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            List<Change> changes = changes(2_000, 30);
            changes.forEach(c -> memtable.append(c.kind(), views.view(c.row())));
            assertEquals(2_000, memtable.rowCount());
            seals.add(memtable.seal(0));
            written.add(changes);
            assertEquals(0, memtable.rowCount());
        }
        for (int round = 0; round < 3; round++) {
            // an earlier seal keeps its rows when the memtable is filled anew
            check(keyedModel(written.get(round)), seals.get(round));
        }
    }

    @Test
    void aRefusedRowLeavesNoPartOfItself() throws IOException {
        Memtable memtable = new Memtable(KEYED);
        RowViews views = RowViews.of(
                List.of(FIELDS.get(0), new Field(2, "id", DataType.bigint(), true), FIELDS.get(2)), List.of());
        List<Change> changes = changes(10, 20);
        for (Change c : changes) {
            StreamhouseException refused = assertThrows(
                    StreamhouseException.class, () -> memtable.append(c.kind(), views.view(Row.of("eu", null, 1L))));
            assertEquals(ErrorCode.NULL_KEY, refused.code());
            assertTrue(refused.getMessage().contains("'id'"), refused.getMessage());
            memtable.append(c.kind(), views.view(c.row()));
        }
        check(keyedModel(changes), memtable.seal(0));
    }

    @Test
    void aTableWithoutKeyTakesNoRetraction() {
        Memtable memtable = new Memtable(APPEND);
        RowViews views = RowViews.of(FIELDS, List.of());
        StreamhouseException refused = assertThrows(
                StreamhouseException.class, () -> memtable.append(RowKind.DELETE, views.view(Row.of("eu", 1L, 1L))));
        assertEquals(ErrorCode.SCHEMA_MISMATCH, refused.code());
        assertEquals(0, memtable.rowCount());
    }
}
