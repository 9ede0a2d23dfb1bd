package io.streamhouse.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChangeMergeTest {
    private static final CommitStamp COMMIT = new CommitStamp(7, 1234, 0);
    private static final Field VALUE = new Field(9, "value", DataType.string(), true);

    /** Key columns of every width: one long, two longs, bytes. */
    private static final List<List<Field>> KEYS = List.of(
            List.of(new Field(1, "id", DataType.bigint(), false)),
            List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "line", DataType.integer(), false)),
            List.of(new Field(1, "name", DataType.string(), false)));

    /** One change as the model says it. */
    private record Change(RowKind kind, Row row, long consumed) {}

    /** One side of a commit: key number to value; and a source of it cut in two files and random batches. */
    private static final class Side {
        final TreeMap<Integer, String> rows = new TreeMap<>();
        final List<Field> key;
        final Predicate<String> filter;
        final Predicate<String> leaving;

        Side(List<Field> key, Predicate<String> filter, Predicate<String> leaving) {
            this.key = key;
            this.filter = filter;
            this.leaving = leaving;
        }

        Row row(int k) {
            List<Object> values = keyValues(key, k);
            values.add(rows.get(k));
            return Row.of(values.toArray());
        }

        List<RowSource> sources(RandomGenerator random) {
            List<Integer> first = new ArrayList<>();
            List<Integer> second = new ArrayList<>();
            rows.keySet().forEach(k -> (random.nextBoolean() ? first : second).add(k));
            return List.of(source(first, random), source(second, random));
        }

        private RowSource source(List<Integer> keys, RandomGenerator random) {
            List<SourceBatch> batches = new ArrayList<>();
            int at = 0;
            while (at < keys.size()) {
                int to = Math.min(keys.size(), at + random.nextInt(4));
                batches.add(batch(keys.subList(at, to)));
                at = to;
            }
            return of(batches);
        }

        private SourceBatch batch(List<Integer> keys) {
            ColumnBatch all = columns(key, keys.stream().map(this::row).toList());
            long passing = 0;
            long leaves = 0;
            for (int i = 0; i < keys.size(); i++) {
                String value = rows.get(keys.get(i));
                passing |= (filter.test(value) ? 1L : 0L) << i;
                leaves |= (!filter.test(value) && leaving.test(value) ? 1L : 0L) << i;
            }
            ColumnBatch keyColumns =
                    all.project(java.util.stream.IntStream.range(0, key.size()).toArray());
            return new SourceBatch(
                    KeyEncoder.of(key).keys(keyColumns.columns()), all, new long[] {passing}, new long[] {leaves});
        }
    }

    private static List<Object> keyValues(List<Field> key, int k) {
        List<Object> values = new ArrayList<>();
        for (Field f : key) {
            switch (f.name()) {
                case "id" -> values.add((long) k - 20);
                case "line" -> values.add(k % 3);
                default -> values.add("key-%03d".formatted(k));
            }
        }
        return values;
    }

    private static RowSource of(List<SourceBatch> batches) {
        return new RowSource() {
            private int next;

            @Override
            public SourceBatch next() {
                return next < batches.size() ? batches.get(next++) : null;
            }

            @Override
            public void close() {}
        };
    }

    private static List<Field> fields(List<Field> key) {
        List<Field> out = new ArrayList<>(key);
        out.add(VALUE);
        return out;
    }

    private static ColumnBatch columns(List<Field> key, List<Row> rows) {
        List<Field> fields = fields(key);
        RowViews views = RowViews.of(fields, List.of());
        List<ColumnBuilder> builders =
                fields.stream().map(f -> ColumnBuilder.of(f.type().physical())).toList();
        for (Row row : rows) {
            var view = views.view(row);
            for (int c = 0; c < builders.size(); c++) {
                builders.get(c).append(view, c);
            }
        }
        return new ColumnBatch(builders.stream().map(ColumnBuilder::build).toList(), rows.size(), null);
    }

    private static List<PhysicalType> types(List<Field> key) {
        return fields(key).stream().map(f -> f.type().physical()).toList();
    }

    private static List<Change> drain(ChangeStream stream, List<Field> key) throws IOException {
        List<Change> out = new ArrayList<>();
        try (stream) {
            for (ChangeBatch b = stream.next(); b != null; b = stream.next()) {
                assertTrue(b.rowCount() > 0);
                assertEquals(COMMIT, b.commit());
                for (int i = 0; i < b.rowCount(); i++) {
                    out.add(new Change(
                            RowKind.of(b.kinds()[i]), RowReader.row(b.rows(), fields(key), i), b.rowsConsumed()[i]));
                }
            }
        }
        return out;
    }

    /** The changelog of the filtered table, change by change, with the source rows that each leaves behind it. */
    private static List<Change> fullModel(Side before, Side after) {
        List<Change> out = new ArrayList<>();
        TreeMap<Integer, String> keys = new TreeMap<>(before.rows);
        keys.putAll(after.rows);
        long consumed = 0;
        for (int k : keys.keySet()) {
            boolean wasThere = before.rows.containsKey(k);
            boolean isThere = after.rows.containsKey(k);
            consumed += (wasThere ? 1 : 0) + (isThere ? 1 : 0);
            boolean had = wasThere && before.filter.test(before.rows.get(k));
            boolean has = isThere && after.filter.test(after.rows.get(k));
            if (had && has) {
                if (!java.util.Objects.equals(before.rows.get(k), after.rows.get(k))) {
                    out.add(new Change(RowKind.UPDATE_BEFORE, before.row(k), consumed - 1));
                    out.add(new Change(RowKind.UPDATE_AFTER, after.row(k), consumed));
                }
            } else if (had) {
                out.add(new Change(RowKind.DELETE, before.row(k), consumed));
            } else if (has) {
                out.add(new Change(RowKind.INSERT, after.row(k), consumed));
            }
        }
        return out;
    }

    private static Side randomSide(
            RandomGenerator random, List<Field> key, Predicate<String> filter, Predicate<String> leaving) {
        Side side = new Side(key, filter, leaving);
        int n = random.nextInt(30);
        for (int i = 0; i < n; i++) {
            side.rows.put(random.nextInt(40), random.nextInt(5) == 0 ? null : "v" + random.nextInt(3));
        }
        return side;
    }

    @Test
    void fullShapeIsTheDifferenceOfTheTwoSidesAndGoesOnBehindAnyChange() throws IOException {
        long seed = Seeds.of("ChangeMergeTest.full");
        RandomGenerator random = Seeds.random(seed);
        long suppressed = 0;
        for (int round = 0; round < 400; round++) {
            List<Field> key = KEYS.get(round % KEYS.size());
            Predicate<String> filter = round % 2 == 0 ? v -> true : v -> !"v1".equals(v);
            Side before = randomSide(random, key, filter, v -> false);
            Side after = randomSide(random, key, filter, v -> false);
            List<Change> expected = fullModel(before, after);
            ChangeMerge merge = ChangeMerge.full(COMMIT, types(key), before.sources(random), after.sources(random), 0);
            assertEquals(expected, drain(merge, key));
            assertEquals(before.rows.size() + after.rows.size(), merge.rowsConsumed());
            suppressed += merge.suppressed();
            for (int i = 0; i < expected.size(); i++) {
                ChangeMerge rest = ChangeMerge.full(
                        COMMIT,
                        types(key),
                        before.sources(random),
                        after.sources(random),
                        expected.get(i).consumed());
                assertEquals(expected.subList(i + 1, expected.size()), drain(rest, key));
            }
        }
        assertTrue(suppressed > 100, "only " + suppressed + " equal pairs were met");
    }

    @Test
    void upsertShapeBringsEveryNewRowAndDeletesWhatNoRowBringsBack() throws IOException {
        long seed = Seeds.of("ChangeMergeTest.upsert");
        RandomGenerator random = Seeds.random(seed);
        for (int round = 0; round < 300; round++) {
            List<Field> key = KEYS.get(round % KEYS.size());
            Predicate<String> filter = round % 2 == 0 ? v -> true : v -> !"v1".equals(v);
            Side deletes = randomSide(random, key, v -> true, v -> false);
            Side after = randomSide(random, key, filter, v -> "v1".equals(v));
            boolean[] keyColumns = new boolean[key.size() + 1];
            java.util.Arrays.fill(keyColumns, 0, key.size(), true);
            List<Change> expected = upsertModel(deletes, after);
            List<Change> actual = drain(
                    ChangeMerge.upsert(
                            COMMIT, types(key), keyColumns, deletes.sources(random), after.sources(random), 0),
                    key);
            assertEquals(expected, actual);
            for (Change c : expected) {
                ChangeMerge rest = ChangeMerge.upsert(
                        COMMIT, types(key), keyColumns, deletes.sources(random), after.sources(random), c.consumed());
                assertEquals(expected.subList(expected.indexOf(c) + 1, expected.size()), drain(rest, key));
            }
        }
    }

    private static List<Change> upsertModel(Side deletes, Side after) {
        List<Change> out = new ArrayList<>();
        TreeMap<Integer, String> keys = new TreeMap<>(deletes.rows);
        keys.putAll(after.rows);
        long consumed = 0;
        for (Map.Entry<Integer, String> e : keys.entrySet()) {
            int k = e.getKey();
            boolean brought = after.rows.containsKey(k);
            consumed += (deletes.rows.containsKey(k) ? 1 : 0) + (brought ? 1 : 0);
            if (brought && after.filter.test(after.rows.get(k))) {
                out.add(new Change(RowKind.UPDATE_AFTER, after.row(k), consumed));
            } else {
                List<Object> keyOnly = keyValues(after.key, k);
                keyOnly.add(null);
                out.add(new Change(RowKind.DELETE, Row.of(keyOnly.toArray()), consumed));
            }
        }
        out.sort(Comparator.comparingLong(Change::consumed));
        return out;
    }

    @Test
    void aPairIsNeverTornOverTwoBatches() throws IOException {
        List<Field> key = KEYS.get(0);
        Side before = new Side(key, v -> true, v -> false);
        Side after = new Side(key, v -> true, v -> false);
        for (int k = 0; k < 5000; k++) {
            if (k > 0) {
                before.rows.put(k, "old");
            }
            after.rows.put(k, "new");
        }
        RandomGenerator random = Seeds.random(1);
        try (ChangeMerge merge =
                ChangeMerge.full(COMMIT, types(key), before.sources(random), after.sources(random), 0)) {
            int batches = 0;
            for (ChangeBatch b = merge.next(); b != null; b = merge.next()) {
                batches++;
                byte last = b.kinds()[b.rowCount() - 1];
                assertTrue(last != RowKind.UPDATE_BEFORE.code(), "batch " + batches + " ends with -U");
                assertTrue(b.rowCount() <= StagedChanges.MAX_ROWS);
            }
            assertTrue(batches > 2);
        }
    }

    @Test
    void deletedKeysComeBackInTheirColumnsAndNowhereElse() {
        List<Field> key = KEYS.get(1);
        Side side = new Side(key, v -> true, v -> false);
        List<Row> rows = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            side.rows.put(k, "gone");
            rows.add(side.row(k));
        }
        ColumnBatch all = columns(key, rows);
        var keys = KeyEncoder.of(key).keys(all.project(new int[] {0, 1}).columns());
        try (DeletedKeys source = new DeletedKeys(keys, key, List.of(VALUE, key.get(1)), k -> null)) {
            SourceBatch batch = source.next();
            assertEquals(10, batch.rowCount());
            assertTrue(batch.rows().column(0).isNull(3));
            assertEquals(1, RowReader.value(batch.rows().column(1), key.get(1).type(), 1));
            assertArrayEquals(keys.longs(), batch.keys().longs());
            assertNull(source.next());
        }
    }
}
