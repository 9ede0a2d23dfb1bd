package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.read.filter.Predicate;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TableScanTest {
    private static final List<String> COLUMNS = List.of("region", "id", "status", "amount", "rate");

    private static TestTable history(long seed, int commits) throws IOException {
        TestTable t = new TestTable(TestTable.orders(List.of("region"), 3), seed, 1);
        RandomGenerator random = Seeds.random(seed);
        for (int c = 0; c < commits; c++) {
            t.commit(0, t.randomWrites(random, 60, 80));
        }
        return t;
    }

    private static List<List<Object>> sorted(List<List<Object>> rows) {
        List<List<Object>> out = new ArrayList<>(rows);
        out.sort(Comparator.comparing(Object::toString));
        return out;
    }

    @Test
    void projectionFilterAndSnapshotGiveWhatTheModelGives() throws IOException {
        long seed = Seeds.of("TableScanTest");
        RandomGenerator random = Seeds.random(seed);
        try (TestTable t = history(seed, 12)) {
            for (int round = 0; round < 120; round++) {
                long snapshot = 1 + random.nextInt((int) t.model.head());
                int[] projection = random.ints(random.nextInt(5), 0, 5).toArray();
                List<String> names =
                        Arrays.stream(projection).mapToObj(COLUMNS::get).toList();
                Filter filter = filters(random);
                TableScan scan = TableScan.of(t.table).snapshot(snapshot).select(names);
                if (filter.predicate != null) {
                    scan.where(filter.predicate);
                }
                List<List<Object>> expected = t.model.rows(snapshot).values().stream()
                        .filter(filter.model)
                        .map(row -> Arrays.stream(projection).mapToObj(row::get).toList())
                        .map(row -> (List<Object>) new ArrayList<>(row))
                        .toList();
                assertEquals(sorted(expected), sorted(TestTable.rows(scan)), () -> filter.predicate + " seed " + seed);
            }
        }
    }

    /** A filter and what it means on a row of the model. */
    private record Filter(Predicate predicate, java.util.function.Predicate<List<Object>> model) {}

    private static Filter filters(RandomGenerator random) {
        long id = random.nextInt(80);
        return switch (random.nextInt(7)) {
            case 0 -> new Filter(null, row -> true);
            case 1 -> new Filter(Predicate.equal("id", id), row -> row.get(1).equals(id));
            case 2 ->
                new Filter(Predicate.equal("region", "west"), row -> row.get(0).equals("west"));
            case 3 -> new Filter(Predicate.isNull("status"), row -> row.get(2) == null);
            case 4 ->
                new Filter(
                        Predicate.and(Predicate.greater("amount", new BigDecimal("2.5")), Predicate.less("id", id)),
                        row -> row.get(3) != null
                                && ((BigDecimal) row.get(3)).compareTo(new BigDecimal("2.5")) > 0
                                && (long) row.get(1) < id);
            case 5 ->
                new Filter(
                        Predicate.not(Predicate.or(
                                Predicate.in("status", "paid", "sent"), Predicate.greaterOrEqual("rate", 1))),
                        row -> "new".equals(row.get(2)) && row.get(4) != null && (double) row.get(4) < 1);
            default ->
                new Filter(
                        Predicate.in("id", id, id + 1, 500L),
                        row -> row.get(1).equals(id) || row.get(1).equals(id + 1));
        };
    }

    @Test
    void limitGivesThatManyRowsOfTheTable() throws IOException {
        try (TestTable t = history(5, 8)) {
            List<List<Object>> all = TestTable.rows(TableScan.of(t.table));
            for (int limit : new int[] {0, 1, 7, all.size(), all.size() + 1}) {
                List<List<Object>> some = TestTable.rows(TableScan.of(t.table).limit(limit));
                assertEquals(Math.min(limit, all.size()), some.size());
                assertTrue(all.containsAll(some));
            }
        }
    }

    @Test
    void timeTravelReadsTheNewestSnapshotThatIsNotYounger() throws IOException {
        try (TestTable t = history(6, 5)) {
            for (long id = 2; id <= t.model.head(); id++) {
                long millis = t.table.snapshots().snapshot(id).timeMillis();
                for (long at : new long[] {millis, millis + 999}) {
                    t.model.checkRows(
                            id, t.keyed(TestTable.rows(TableScan.of(t.table).asOf(at))));
                }
                try (BatchScan scan =
                        TableScan.of(t.table).asOf(Instant.ofEpochMilli(millis)).open()) {
                    assertEquals(id, scan.snapshotId());
                }
            }
            refused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> TableScan.of(t.table).asOf(TestTable.EPOCH - 1).open());
        }
    }

    @Test
    void aTableWithoutSnapshotIsEmptyAndHasNoVersions() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(2), 1, 0)) {
            assertEquals(List.of(), TestTable.rows(TableScan.of(t.table)));
            refused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> TableScan.of(t.table).snapshot(1).open());
            refused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> TableScan.of(t.table).asOf(TestTable.EPOCH).open());
        }
    }

    @Test
    void unknownSnapshotsAndColumnsAreRefused() throws IOException {
        try (TestTable t = history(7, 2)) {
            refused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> TableScan.of(t.table).snapshot(99).plan());
            refused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> TableScan.of(t.table).snapshot(0).plan());
            refused(
                    ErrorCode.SCHEMA_MISMATCH,
                    () -> TableScan.of(t.table).select("nothing").plan());
            refused(ErrorCode.SCHEMA_MISMATCH, () -> TableScan.of(t.table)
                    .where(Predicate.isNull("nothing"))
                    .plan());
        }
    }

    static void refused(ErrorCode code, Executable action) {
        StreamhouseException e = assertThrows(StreamhouseException.class, action);
        assertEquals(code, e.code(), e.getMessage());
    }

    @Test
    void splitsReadAloneAndFromAnyRowOn() throws IOException {
        long seed = Seeds.of("TableScanTest.splits");
        try (TestTable t = history(seed, 9)) {
            Predicate some = Predicate.or(Predicate.equal("status", "paid"), Predicate.isNull("rate"));
            ReadRequest request = ReadRequest.of(t.schema, COLUMNS, Optional.of(some));
            ScanPlan plan = TableScan.of(t.table).plan();
            assertEquals(t.model.rows(t.model.head()).size(), plan.rowCount());
            for (ScanSplit planned : plan.splits()) {
                ScanSplit split = ScanSplitCodec.read(ScanSplitCodec.write(planned));
                assertEquals(planned.rowCount(), split.rowCount());
                List<List<Object>> all = new ArrayList<>();
                List<Long> behind = new ArrayList<>();
                read(t, split, request, 0, all, behind);
                for (long skip = 0; skip <= split.rowCount(); skip++) {
                    List<List<Object>> rest = new ArrayList<>();
                    read(t, split, request, skip, rest, new ArrayList<>());
                    long skipped = skip;
                    int first = (int) behind.stream().filter(b -> b <= skipped).count();
                    assertEquals(all.subList(first, all.size()), rest);
                }
            }
        }
    }

    private static void read(
            TestTable t, ScanSplit split, ReadRequest request, long skip, List<List<Object>> rows, List<Long> behind)
            throws IOException {
        try (ScanSplitReader reader = ScanSplitReader.open(t.table, split, request, skip)) {
            for (ScanSplitReader.PositionedBatch b = reader.nextPositioned(); b != null; b = reader.nextPositioned()) {
                for (int i = 0; i < b.rows().selectedCount(); i++) {
                    rows.add(TestTable.values(
                            b.rows(), request.columns(), b.rows().position(i)));
                    behind.add(b.rowsConsumed()[i]);
                }
            }
        }
    }

    @Test
    void countingNeedsNoDataFile() throws IOException {
        try (TestTable t = history(8, 6)) {
            var before = t.store.counts();
            try (BatchScan scan = TableScan.of(t.table).select().open()) {
                long rows = 0;
                for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                    rows += b.selectedCount();
                }
                assertEquals(t.model.rows(t.model.head()).size(), rows);
            }
            assertTrue(t.store.counts().since(before).reads().keySet().stream()
                    .noneMatch(path -> path.contains("/data/")));
        }
    }
}
