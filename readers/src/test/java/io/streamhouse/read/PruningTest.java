package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.read.filter.Predicate;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.StoreCounts;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Counts which data files are read: pruned ones are not, and what is left is. */
class PruningTest {
    private static final int FILES = 5;

    /** Commit c holds ids 100 c to 100 c + 9, amounts c.00, status "s" + c; region north, but west in the last. */
    private static TestTable fiveFiles(List<String> partitions) throws IOException {
        TestTable t = new TestTable(TestTable.orders(partitions, 4), 11, 1);
        for (int c = 0; c < FILES; c++) {
            List<Write> writes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String region = c == FILES - 1 ? "west" : "north";
                writes.add(
                        t.upsert(region, 100L * c + i, "s" + c, BigDecimal.valueOf(c * 100L, 2), c == 2 ? null : 0.5));
            }
            t.commit(0, writes);
        }
        return t;
    }

    private static Set<String> filesRead(TestTable t, TableScan scan, int expectedRows) throws IOException {
        var before = t.store.counts();
        assertEquals(expectedRows, TestTable.rows(scan).size());
        return t.store.counts().since(before).reads().keySet().stream()
                .filter(path -> path.contains("/data/"))
                .collect(Collectors.toSet());
    }

    @Test
    void aFullScanReadsEveryFile() throws IOException {
        try (TestTable t = fiveFiles(List.of())) {
            assertEquals(FILES, filesRead(t, TableScan.of(t.table), 50).size());
        }
    }

    @Test
    void statisticsOfAnyColumnRuleFilesOut() throws IOException {
        try (TestTable t = fiveFiles(List.of())) {
            pruned(t, Predicate.greaterOrEqual("amount", new BigDecimal("3.00")), 20, 2);
            pruned(t, Predicate.equal("status", "s1"), 10, 1);
            pruned(t, Predicate.isNull("rate"), 10, 1);
            pruned(t, Predicate.isNotNull("rate"), 40, 4);
            pruned(t, Predicate.or(Predicate.less("id", 5), Predicate.equal("status", "s4")), 15, 2);
            pruned(t, Predicate.not(Predicate.greater("id", 109)), 20, 2);
            pruned(t, Predicate.in("id", 3L, 205L, 999L), 2, 2);
            pruned(t, Predicate.equal("id", new BigDecimal("3.5")), 0, 0);
        }
    }

    private static void pruned(TestTable t, Predicate filter, int rows, int files) throws IOException {
        TableScan scan = TableScan.of(t.table).where(filter);
        assertEquals(files, filesRead(t, scan, rows).size(), filter::toString);
        assertEquals(FILES - files, scan.plan().skipped().files(), filter::toString);
    }

    @Test
    void partitionTuplesRuleSlicesOut() throws IOException {
        try (TestTable t = fiveFiles(List.of("region"))) {
            t.commit(
                    t.upsert("north", 1000L, "x", BigDecimal.ONE, 0.5),
                    t.upsert("west", 1001L, "x", BigDecimal.ONE, 0.5),
                    t.upsert("east", 1002L, "x", BigDecimal.ONE, 0.5));
            TableScan west = TableScan.of(t.table).where(Predicate.equal("region", "west"));
            assertEquals(2, filesRead(t, west, 11).size());
            ScanPlan plan = west.plan();
            assertEquals(11, plan.rowCount());
            assertEquals(4, plan.skipped().files());
        }
    }

    @Test
    void aKeyIsLookedForInItsBucketOnly() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(8), 12, 1)) {
            List<Write> writes = new ArrayList<>();
            for (long id = 0; id < 400; id++) {
                writes.add(t.upsert("north", id, "new", null, null));
            }
            t.commit(0, writes);
            ScanPlan one =
                    TableScan.of(t.table).where(Predicate.equal("id", 200)).plan();
            assertEquals(7, one.skipped().slices());
            assertTrue(one.rowCount() < 100, "rows to look at: " + one.rowCount());
            assertEquals(
                    1,
                    TestTable.rows(TableScan.of(t.table).where(Predicate.equal("id", 200)))
                            .size());
            ScanPlan three =
                    TableScan.of(t.table).where(Predicate.in("id", 7, 8, 9)).plan();
            assertTrue(
                    three.skipped().slices() >= 5,
                    "slices skipped: " + three.skipped().slices());
            assertEquals(
                    3,
                    TestTable.rows(TableScan.of(t.table).where(Predicate.in("id", 7, 8, 9)))
                            .size());
        }
    }

    @Test
    void whatIsMaskedAltogetherIsNotRead() throws IOException {
        try (TestTable t = fiveFiles(List.of())) {
            List<Write> deletes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                deletes.add(t.delete(null, 200L + i));
            }
            t.commit(0, deletes);
            assertEquals(FILES - 1, filesRead(t, TableScan.of(t.table), 40).size());
        }
    }

    @Test
    void keyRangesBoundAColumnOnlyBehindConstantOnes() throws IOException {
        TableSchema schema = TableSchema.create(
                List.of(
                        new Field(1, "major", DataType.bigint(), false),
                        new Field(2, "minor", DataType.string(), false),
                        new Field(3, "text", DataType.string(), true)),
                List.of("major", "minor"),
                List.of(),
                List.of("major"),
                1,
                Map.of());
        try (TestTable t = new TestTable(schema, 14, 1)) {
            t.commit(t.upsert(1L, "y", "a"), t.upsert(2L, "c", "b"), t.upsert(3L, "b", "c"));
            t.commit(t.upsert(7L, "k", "d"), t.upsert(7L, "m", "e"));
            assertEquals(
                    1,
                    filesRead(t, TableScan.of(t.table).where(Predicate.equal("minor", "c")), 1)
                            .size());
            assertEquals(
                    2,
                    filesRead(t, TableScan.of(t.table).where(Predicate.equal("minor", "l")), 0)
                            .size());
            assertEquals(
                    0,
                    filesRead(t, TableScan.of(t.table).where(Predicate.equal("minor", "z")), 0)
                            .size());
        }
    }

    private static long bytesOf(ScanPlan plan, int fieldId) {
        long sum = 0;
        Set<Long> seen = new HashSet<>();
        for (ScanSplit split : plan.splits()) {
            for (var group : split.rows().file().rowGroups()) {
                for (var chunk : group.chunks()) {
                    sum += chunk.fieldId() == fieldId && seen.add(chunk.offset()) ? chunk.length() : 0;
                }
            }
        }
        return sum;
    }

    private static long dataBytes(TestTable t, StoreCounts before) {
        return t.store.counts().since(before).reads().entrySet().stream()
                .filter(e -> e.getKey().contains("/data/"))
                .mapToLong(e -> e.getValue().bytes())
                .sum();
    }

    @Test
    void rowGroupsWithoutAMatchingRowLeaveOtherColumnsUnread() throws IOException {
        TableSchema schema = TableSchema.create(
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "text", DataType.string(), true)),
                List.of("id"),
                List.of(),
                List.of(),
                1,
                Map.of());
        int rows = 520_000;
        try (TestTable t = new TestTable(schema, 13, 1)) {
            List<Write> writes = new ArrayList<>(rows);
            for (long id = 0; id < rows; id++) {
                writes.add(t.upsert(id, "t" + id % 7));
            }
            t.commit(0, writes);
            t.commit(t.delete(10L), t.delete(300_000L));
            ScanPlan plan = TableScan.of(t.table).plan();
            assertTrue(plan.splits().size() >= 3, "splits: " + plan.splits().size());
            assertEquals(rows - 2, plan.rowCount());
            TableScan scan =
                    TableScan.of(t.table).where(Predicate.equal("text", "t55")).select("id");
            var before = t.store.counts();
            try (BatchScan open = scan.open()) {
                assertEquals(null, open.next());
                assertEquals(rows, open.counts().rowsRead());
                assertEquals(0, open.counts().rowsDelivered());
            }
            assertEquals(bytesOf(plan, 2), dataBytes(t, before), "only the filter's column was to be read");
            try (BatchScan open = TableScan.of(t.table)
                    .where(Predicate.in("id", 9L, 10L, 11L))
                    .select("text")
                    .open()) {
                assertEquals(2, open.next().selectedCount());
                assertEquals(null, open.next());
                assertEquals(1 + open.plan().splits().size(), open.counts().rowGroupsRead());
            }
            assertFalse(TestTable.rows(TableScan.of(t.table).where(Predicate.equal("id", 519_999)))
                    .isEmpty());
        }
    }
}
