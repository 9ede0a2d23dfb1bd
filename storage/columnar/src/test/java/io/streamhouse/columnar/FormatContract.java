package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every format of column files does; the expected rows are a plain list. */
abstract class FormatContract {
    static final UUID ID = new UUID(7, 9);
    static final String PATH = "data/file";
    private static final int ROUNDS = 60;

    final ObjectStore store = ObjectStores.memory();

    abstract FileFormat format();

    /** Random rows that the format can hold. */
    ModelRows random(Random random, List<Field> fields, int rowCount) {
        return ModelRows.random(random, fields, rowCount);
    }

    ColumnFileWriter writer(List<Field> fields, Set<Integer> statsFieldIds) throws IOException {
        return ColumnFiles.writer(format(), store, ID, PATH, fields, statsFieldIds);
    }

    static DataFile dataFile(WrittenFile written) {
        int n = written.rowCount();
        Slice whole = n == 0 ? null : new Slice(Partition.NONE, 1, 0, 0, n, Slice.KeyRange.NONE);
        return new DataFile(
                written.object(),
                new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                n,
                n == 0 ? List.of() : List.of(whole),
                written.rowGroups(),
                written.stats());
    }

    static Set<Integer> allIds(List<Field> fields) {
        Set<Integer> ids = new HashSet<>();
        fields.forEach(f -> ids.add(f.id()));
        return ids;
    }

    DataFile write(ModelRows model) throws IOException {
        try (ColumnFileWriter out = writer(model.fields, allIds(model.fields))) {
            out.write(model.batch(0, model.rows.size(), new Random(1), false));
            return dataFile(out.finish());
        }
    }

    static int[] allColumns(List<Field> fields) {
        int[] all = new int[fields.size()];
        Arrays.setAll(all, i -> i);
        return all;
    }

    @Test
    void randomRowsComeBackWhateverTheBatchesCutsAndProjections() throws Exception {
        long seed = Seeds.of("format-contract");
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            int[] sizes = {0, 1, 2, 63, 64, 65, 500, 5000, 8191, 8192, 8193, 20_000};
            int rowCount = sizes[random.nextInt(sizes.length)];
            int columnCount = 1 + random.nextInt(rowCount > 1000 ? 5 : 24);
            ModelRows model = random(random, ModelRows.randomFields(random, columnCount), rowCount);
            DataFile file = writeInPieces(model, random);
            readInPieces(model, file, random, "seed %d round %d".formatted(seed, round));
        }
    }

    private DataFile writeInPieces(ModelRows model, Random random) throws IOException {
        try (ColumnFileWriter out = writer(model.fields, allIds(model.fields))) {
            int largest = 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000);
            int row = 0;
            while (row < model.rows.size()) {
                int end = Math.min(model.rows.size(), row + 1 + random.nextInt(largest));
                out.write(model.batch(row, end, random, random.nextBoolean()));
                row = end;
                assertEquals(row, out.rowCount());
                if (random.nextInt(4) == 0) {
                    out.cutPages();
                }
            }
            byte[] block = new byte[random.nextInt(1000)];
            random.nextBytes(block);
            BlockRef.Stored ref = out.writeBlock(block);
            DataFile file = dataFile(out.finish());
            assertArrayEquals(block, ColumnFiles.readBlock(store, ref));
            ColumnFiles.verify(store, file);
            return file;
        }
    }

    private void readInPieces(ModelRows model, DataFile file, Random random, String hint) throws IOException {
        int[] projection = random.ints(random.nextInt(2 * model.fields.size()), 0, model.fields.size())
                .toArray();
        int from = random.nextInt(3) == 0 ? random.nextInt(file.rowCount() + 1) : 0;
        int to = random.nextInt(3) == 0 ? from + random.nextInt(file.rowCount() - from + 1) : file.rowCount();
        try (ColumnFileReader in = ColumnFiles.reader(store, file, model.fields, projection, from, to)) {
            int row = from;
            while (true) {
                if (random.nextInt(4) == 0) {
                    row += random.nextInt(to - row + 1);
                    in.seek(row);
                }
                if (random.nextInt(4) == 0) {
                    lookup(model, in, projection, random, hint);
                }
                ColumnBatch batch = in.next();
                if (batch == null) {
                    break;
                }
                assertEquals(row, in.batchStart(), hint);
                assertTrue(batch.rowCount() > 0 && batch.rowCount() <= ColumnFiles.BATCH_ROWS, hint);
                for (int i = 0; i < batch.rowCount(); i++) {
                    assertRow(model, row + i, batch, i, projection, hint);
                }
                row += batch.rowCount();
            }
            assertEquals(to, row, hint);
            assertNull(in.next(), hint);
        }
    }

    private static void lookup(ModelRows model, ColumnFileReader in, int[] projection, Random random, String hint)
            throws IOException {
        Set<Integer> wanted = new TreeSet<>();
        for (int i = random.nextInt(50); i > 0 && !model.rows.isEmpty(); i--) {
            wanted.add(random.nextInt(model.rows.size()));
        }
        int[] positions = wanted.stream().mapToInt(Integer::intValue).toArray();
        ColumnBatch batch = in.rows(positions);
        assertEquals(positions.length, batch.selectedCount(), hint);
        for (int i = 0; i < positions.length; i++) {
            assertRow(model, positions[i], batch, i, projection, hint);
        }
    }

    private static void assertRow(ModelRows model, int row, ColumnBatch batch, int at, int[] projection, String hint) {
        for (int c = 0; c < projection.length; c++) {
            Object expected = model.rows.get(row)[projection[c]];
            Object actual = ModelRows.valueOf(batch.column(c), at);
            if (!java.util.Objects.equals(expected, actual)) {
                fail("%s: row %d of %s is %s, expected %s"
                        .formatted(hint, row, model.fields.get(projection[c]), actual, expected));
            }
        }
    }

    @Test
    void everyTypeKeepsItsExtremesAndItsNulls() throws Exception {
        for (boolean nullable : new boolean[] {true, false}) {
            ModelRows model = random(new Random(5), ModelRows.allTypes(nullable), ColumnFiles.BATCH_ROWS + 100);
            DataFile file = write(model);
            readInPieces(model, file, new Random(6), "all types");
            assertRows(model, file);
        }
    }

    /** A scan of all columns gives the model's rows. */
    void assertRows(ModelRows model, DataFile file) throws IOException {
        try (ColumnFileReader in = open(file, model.fields)) {
            int row = 0;
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                for (int i = 0; i < batch.rowCount(); i++, row++) {
                    assertRow(model, row, batch, i, allColumns(model.fields), "all rows");
                }
            }
            assertEquals(model.rows.size(), row);
        }
    }

    @Test
    void statisticsCoverTheValuesAndCountTheNulls() throws Exception {
        long seed = Seeds.of("format-statistics");
        for (int round = 0; round < 20; round++) {
            Random random = new Random(seed + round);
            ModelRows model = random(random, ModelRows.allTypes(true), 1 + random.nextInt(300));
            List<ColumnStats> stats = write(model).stats();
            assertEquals(model.fields.size(), stats.size());
            for (int c = 0; c < model.fields.size(); c++) {
                checkStatistics(model, c, stats.get(c), "seed %d round %d".formatted(seed, round));
            }
        }
    }

    private static void checkStatistics(ModelRows model, int column, ColumnStats stats, String hint) {
        Field field = model.fields.get(column);
        DataType type = field.type();
        long nulls = 0;
        boolean nan = false;
        byte[] min = null;
        byte[] max = null;
        for (Object[] row : model.rows) {
            Object value = row[column];
            if (value == null) {
                nulls++;
                continue;
            }
            nan |= value instanceof Float f && f.isNaN() || value instanceof Double d && d.isNaN();
            byte[] encoded = value instanceof Long l
                    ? SingleValue.ofLong(type, l)
                    : value instanceof Number d
                            ? SingleValue.ofDouble(type, d.doubleValue())
                            : SingleValue.ofBytes(type, ((ByteBuffer) value).array());
            min = min == null || SingleValue.compare(type, encoded, min) < 0 ? encoded : min;
            max = max == null || SingleValue.compare(type, encoded, max) > 0 ? encoded : max;
        }
        assertEquals(field.id(), stats.fieldId(), hint);
        assertEquals(nulls, stats.nullCount(), hint);
        if (min == null || nan) {
            assertTrue(stats.bounds().isEmpty(), hint + field);
            return;
        }
        ColumnStats.Bounds bounds = stats.bounds().orElseThrow();
        assertTrue(SingleValue.compare(type, bounds.min(), min) <= 0, hint + field);
        assertTrue(SingleValue.compare(type, bounds.max(), max) >= 0, hint + field);
        boolean exact = type.physical() != PhysicalType.BYTES || max.length <= SingleValue.BOUND_LENGTH;
        if (exact && type.physical() != PhysicalType.FLOAT && type.physical() != PhysicalType.DOUBLE) {
            assertArrayEquals(max, bounds.max(), hint + field);
        }
    }

    @Test
    void aFileWithoutRowsCarriesItsBlocks() throws Exception {
        try (ColumnFileWriter out = writer(ModelRows.allTypes(true), Set.of(1))) {
            BlockRef.Stored first = out.writeBlock(new byte[] {1, 2, 3});
            BlockRef.Stored second = out.writeBlock(new byte[100_000]);
            DataFile file = dataFile(out.finish());
            assertArrayEquals(new byte[] {1, 2, 3}, ColumnFiles.readBlock(store, first));
            assertArrayEquals(new byte[100_000], ColumnFiles.readBlock(store, second));
            assertEquals(0, file.rowCount());
            assertEquals(0, file.stats().get(0).nullCount());
            ColumnFiles.verify(store, file);
            try (ColumnFileReader in =
                    ColumnFiles.reader(store, file, ModelRows.allTypes(true), new int[] {0, 3}, 0, 0)) {
                assertNull(in.next());
                assertEquals(0, in.rows(new int[0]).rowCount());
            }
        }
    }

    @Test
    void aBlockOfAnotherChecksumIsRefused() throws Exception {
        store.put("x", new byte[] {1, 2, 3, 4});
        assertCode(ErrorCode.CORRUPT_FILE, () -> ColumnFiles.readBlock(store, new BlockRef.Stored("x", 0, 4, 17)));
        assertCode(ErrorCode.CORRUPT_FILE, () -> ColumnFiles.readBlock(store, new BlockRef.Stored("x", 2, 4, 0)));
        assertCode(ErrorCode.MISSING_FILE, () -> ColumnFiles.readBlock(store, new BlockRef.Stored("y", 0, 4, 17)));
    }

    @Test
    void longValuesStandInPagesOfTheirOwn() throws Exception {
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "text", DataType.string(), true));
        ModelRows model = new ModelRows(fields);
        Random random = new Random(3);
        for (long i = 0; i < 40; i++) {
            byte[] bytes = new byte[i == 20 ? 40 << 20 : i % 3 == 0 ? 700_000 : 10];
            Arrays.fill(bytes, (byte) ('a' + random.nextInt(26)));
            model.rows.add(new Object[] {i, i % 7 == 0 ? null : ByteBuffer.wrap(bytes)});
        }
        DataFile file = write(model);
        try (ColumnFileReader in = ColumnFiles.reader(store, file, fields, new int[] {1, 0}, 0, 40)) {
            int row = 0;
            for (ColumnBatch b = in.next(); b != null; b = in.next()) {
                assertTrue(b.rowCount() == 1 || b.sizeBytes() <= 64 << 20, () -> "batch too large");
                for (int i = 0; i < b.rowCount(); i++, row++) {
                    assertRow(model, row, b, i, new int[] {1, 0}, "long values");
                }
            }
            assertEquals(40, row);
        }
    }

    @Test
    void severalRowGroupsAreOneSequenceOfRows() throws Exception {
        List<Field> fields = List.of(new Field(1, "id", DataType.bigint(), false));
        ModelRows model = new ModelRows(fields);
        for (long i = 0; i < 600_000; i++) {
            model.rows.add(new Object[] {i * 3});
        }
        DataFile file = write(model);
        assertTrue(file.rowGroups().size() > 1);
        readInPieces(model, file, new Random(11), "row groups");
        readInPieces(model, file, new Random(12), "row groups");
    }

    @Test
    void aFileThatIsNotFinishedIsNotThere() throws Exception {
        ModelRows model = random(new Random(1), ModelRows.allTypes(true), 100);
        try (ColumnFileWriter out = writer(model.fields, Set.of())) {
            out.write(model.batch(0, 100, new Random(1), false));
        }
        assertEquals(-1, store.size(PATH));
        assertEquals(List.of(), store.list("data"));
    }

    @Test
    void rowsThatBreakTheSchemaAreRefusedAndLeaveTheOthers() throws Exception {
        Field narrow = new Field(1, "n", DataType.decimal(9, 2), false);
        Field wide = new Field(2, "w", DataType.decimal(19, 0), true);
        ModelRows good = new ModelRows(List.of(narrow, wide));
        good.rows.add(new Object[] {999_999_999L, ModelRows.value(new Random(2), wide.type())});
        List<Object[]> bad = new ArrayList<>();
        bad.add(new Object[] {null, null});
        bad.add(new Object[] {1L << 31, null});
        byte[] tooWide = new byte[16];
        tooWide[3] = 1;
        bad.add(new Object[] {1L, ByteBuffer.wrap(tooWide)});
        try (ColumnFileWriter out = writer(good.fields, Set.of())) {
            out.write(good.batch(0, 1, new Random(1), false));
            for (Object[] row : bad) {
                ModelRows one = new ModelRows(good.fields);
                one.rows.add(row);
                assertCode(ErrorCode.SCHEMA_MISMATCH, () -> out.write(one.batch(0, 1, new Random(1), false)));
            }
            DataFile file = dataFile(out.finish());
            readInPieces(good, file, new Random(3), "after refusals");
            assertThrows(IllegalStateException.class, out::finish);
            assertThrows(IllegalStateException.class, () -> out.write(good.batch(0, 1, new Random(1), false)));
        }
    }

    @Test
    void missingAndTruncatedFilesHaveTheirCodes() throws Exception {
        ModelRows model = random(new Random(1), ModelRows.allTypes(true), 1000);
        DataFile file = write(model);
        byte[] bytes = store.read(PATH);
        for (int length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
            store.put(PATH, Arrays.copyOf(bytes, length));
            StreamhouseException e = assertCode(
                    ErrorCode.CORRUPT_FILE, () -> open(file, model.fields).next());
            assertTrue(e.getMessage().contains(PATH), e.getMessage());
        }
        store.put(PATH, Arrays.copyOf(bytes, bytes.length + 1));
        assertCode(ErrorCode.CORRUPT_FILE, () -> open(file, model.fields).next());
        store.delete(PATH);
        assertCode(ErrorCode.MISSING_FILE, () -> open(file, model.fields).next());
    }

    @Test
    void aSchemaOfOtherColumnsIsRefused() throws Exception {
        ModelRows model = random(new Random(1), ModelRows.allTypes(true), 10);
        DataFile file = write(model);
        List<Field> swapped = new ArrayList<>(model.fields);
        swapped.set(3, model.fields.get(4));
        assertCode(ErrorCode.CORRUPT_FILE, () -> open(file, swapped));
        assertCode(ErrorCode.CORRUPT_FILE, () -> open(file, model.fields.subList(0, 3)));
    }

    ColumnFileReader open(DataFile file, List<Field> fields) throws IOException {
        return ColumnFiles.reader(store, file, fields, allColumns(fields), 0, file.rowCount());
    }

    interface Action {
        void run() throws Exception;
    }

    static StreamhouseException assertCode(ErrorCode code, Action action) {
        StreamhouseException e = assertThrows(StreamhouseException.class, action::run);
        assertEquals(code, e.code(), e.getMessage());
        return e;
    }
}
