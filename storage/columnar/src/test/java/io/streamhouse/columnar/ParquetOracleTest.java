package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;

/** Files of ours as parquet-java's own reader sees them. */
class ParquetOracleTest {
    private static final String PATH = "data/oracle.parquet";

    private final ObjectStore store = ObjectStores.memory();

    private DataFile write(ModelRows model, Random random) throws IOException {
        try (ColumnFileWriter out = ColumnFiles.writer(store, FormatContract.ID, PATH, model.fields, Set.of())) {
            int row = 0;
            while (row < model.rows.size()) {
                int end = Math.min(model.rows.size(), row + 1 + random.nextInt(9000));
                out.write(model.batch(row, end, random, random.nextBoolean()));
                row = end;
                if (random.nextInt(5) == 0) {
                    out.cutPages();
                }
            }
            out.writeBlock(new byte[random.nextInt(3000)]);
            return FormatContract.dataFile(out.finish());
        }
    }

    private ParquetFileReader open() throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder().usePageChecksumVerification(true).build();
        return ParquetFileReader.open(new BytesFile(store.read(PATH)), options);
    }

    @Test
    void itReadsTheSameRowsTypesAndFieldIds() throws Exception {
        long seed = Seeds.of("parquet-oracle");
        for (int round = 0; round < 16; round++) {
            Random random = new Random(seed + round);
            List<Field> fields =
                    round < 2 ? ModelRows.allTypes(round == 0) : ModelRows.randomFields(random, 1 + random.nextInt(8));
            ModelRows model = ModelRows.random(
                    random, fields, List.of(1, 100, 5000, 20_000).get(round % 4));
            write(model, random);
            try (ParquetFileReader reader = open()) {
                checkSchema(reader.getFileMetaData().getSchema(), fields);
                int row = 0;
                for (PageReadStore pages = reader.readNextRowGroup(); pages != null; ) {
                    row = checkRows(reader, pages, model, row, "seed %d round %d".formatted(seed, round));
                    pages = reader.readNextRowGroup();
                }
                assertEquals(model.rows.size(), row);
            }
        }
    }

    /** Streamhouse checks whole chunks against its tree; other engines have the checksums of the pages. */
    @Test
    void itRefusesAPageThatWasDamaged() throws Exception {
        Random random = new Random(Seeds.of("parquet-oracle-damage"));
        ModelRows model = ModelRows.random(random, ModelRows.allTypes(true), 2000);
        DataFile file = write(model, random);
        byte[] whole = store.read(PATH);
        for (ChunkLocator chunk : file.rowGroups().get(0).chunks()) {
            byte[] damaged = whole.clone();
            // the last byte of a chunk belongs to the body of its last page
            damaged[(int) chunk.offset() + chunk.length() - 1] ^= 1;
            store.put(PATH, damaged);
            try (ParquetFileReader reader = open()) {
                Exception refused = assertThrows(Exception.class, () -> {
                    PageReadStore pages = reader.readNextRowGroup();
                    checkRows(reader, pages, model, 0, "damaged");
                });
                assertTrue(String.valueOf(refused.getMessage()).contains("CRC"), refused::toString);
            }
        }
    }

    private static void checkSchema(MessageType schema, List<Field> fields) {
        assertEquals(fields.size(), schema.getFieldCount());
        for (int c = 0; c < fields.size(); c++) {
            assertEquals(fields.get(c).name(), schema.getType(c).getName());
            assertEquals(fields.get(c).id(), schema.getType(c).getId().intValue());
            assertEquals(ParquetColumn.of(fields.get(c)).parquet(), schema.getType(c));
        }
    }

    private static int checkRows(
            ParquetFileReader reader, PageReadStore pages, ModelRows model, int first, String hint) {
        MessageType schema = reader.getFileMetaData().getSchema();
        RecordReader<Group> rows =
                new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new GroupRecordConverter(schema));
        for (int i = 0; i < pages.getRowCount(); i++) {
            Group group = rows.read();
            for (int c = 0; c < model.fields.size(); c++) {
                Object expected = model.rows.get(first + i)[c];
                Object actual = group.getFieldRepetitionCount(c) == 0 ? null : value(group, c, model.fields.get(c));
                assertEquals(expected, actual, () -> hint + " " + model.fields);
            }
        }
        return first + (int) pages.getRowCount();
    }

    private static Object value(Group group, int c, Field field) {
        PrimitiveTypeName name = group.getType().getType(c).asPrimitiveType().getPrimitiveTypeName();
        return switch (name) {
            case BOOLEAN -> group.getBoolean(c, 0) ? 1L : 0L;
            case INT32 -> (long) group.getInteger(c, 0);
            case INT64 -> group.getLong(c, 0);
            case FLOAT -> group.getFloat(c, 0);
            case DOUBLE -> group.getDouble(c, 0);
            case BINARY -> ByteBuffer.wrap(group.getBinary(c, 0).getBytes());
            case FIXED_LEN_BYTE_ARRAY ->
                ByteBuffer.wrap(
                        SingleValue.toBytes(field.type(), group.getBinary(c, 0).getBytes()));
            case INT96 -> throw new AssertionError("INT96 is never written");
        };
    }

    @Test
    void itsFooterSaysWhatOurLocatorsAndStatisticsSay() throws Exception {
        Random random = new Random(Seeds.of("parquet-oracle-footer"));
        ModelRows model = ModelRows.random(random, ModelRows.allTypes(true), 12_000);
        DataFile file = write(model, random);
        try (ParquetFileReader reader = open()) {
            List<BlockMetaData> blocks = reader.getFooter().getBlocks();
            assertEquals(file.rowGroups().size(), blocks.size());
            for (int g = 0; g < blocks.size(); g++) {
                RowGroup group = file.rowGroups().get(g);
                assertEquals(group.rowCount(), blocks.get(g).getRowCount());
                for (int c = 0; c < model.fields.size(); c++) {
                    checkChunk(
                            reader,
                            blocks.get(g).getColumns().get(c),
                            group.chunks().get(c));
                    checkRange(blocks.get(g).getColumns().get(c).getStatistics(), model, c);
                }
            }
        }
    }

    private static void checkChunk(ParquetFileReader reader, ColumnChunkMetaData chunk, ChunkLocator locator)
            throws IOException {
        assertEquals(chunk.getStartingPos(), locator.offset());
        assertEquals(chunk.getTotalSize(), locator.length());
        assertEquals(chunk.getCodec().getParquetCompressionCodec().getValue(), locator.codec());
        assertTrue(!chunk.getEncodings().contains(Encoding.DELTA_BYTE_ARRAY));
        assertNotNull(reader.readOffsetIndex(chunk));
        assertNotNull(reader.readColumnIndex(chunk));
    }

    /** Null counts are exact, and bounds cover every value in Parquet's own order. */
    private static void checkRange(Statistics<?> statistics, ModelRows model, int column) {
        Field field = model.fields.get(column);
        long nulls = 0;
        for (Object[] row : model.rows) {
            Object value = row[column];
            if (value == null) {
                nulls++;
            } else {
                Object[] ordered = {statistics.genericGetMin(), parquetValue(field, value), statistics.genericGetMax()};
                assertTrue(compare(statistics, ordered[0], ordered[1]) <= 0, () -> field + " " + value);
                assertTrue(compare(statistics, ordered[1], ordered[2]) <= 0, () -> field + " " + value);
            }
        }
        assertEquals(nulls, statistics.getNumNulls());
        assertEquals(nulls < model.rows.size(), statistics.hasNonNullValue());
    }

    private static Object parquetValue(Field field, Object value) {
        ParquetColumn column = ParquetColumn.of(field);
        return switch (column.primitive()) {
            case BOOLEAN -> (Long) value != 0;
            case INT32 -> ((Long) value).intValue();
            case INT64, FLOAT, DOUBLE -> value;
            case BINARY -> Binary.fromConstantByteArray(((ByteBuffer) value).array());
            case FIXED_LEN_BYTE_ARRAY ->
                Binary.fromConstantByteArray(
                        ((ByteBuffer) value).array(), 16 - column.fixedLength(), column.fixedLength());
            case INT96 -> throw new AssertionError("INT96 is never written");
        };
    }

    /** NaN stands outside of the order: Parquet leaves it out of bounds. */
    @SuppressWarnings("unchecked")
    private static <T extends Comparable<T>> int compare(Statistics<?> statistics, Object a, Object b) {
        boolean nan = a instanceof Float f && f.isNaN()
                || b instanceof Float g && g.isNaN()
                || a instanceof Double d && d.isNaN()
                || b instanceof Double e && e.isNaN();
        return nan ? 0 : ((Statistics<T>) statistics).comparator().compare((T) a, (T) b);
    }

    @Test
    void pagesOfAllColumnsBeginAtTheSameRows() throws Exception {
        Random random = new Random(Seeds.of("parquet-oracle-pages"));
        ModelRows model = ModelRows.random(random, ModelRows.allTypes(true), 25_000);
        write(model, random);
        try (ParquetFileReader reader = open()) {
            for (BlockMetaData block : reader.getFooter().getBlocks()) {
                List<Long> expected = null;
                for (ColumnChunkMetaData chunk : block.getColumns()) {
                    OffsetIndex index = reader.readOffsetIndex(chunk);
                    List<Long> starts = new ArrayList<>();
                    for (int p = 0; p < index.getPageCount(); p++) {
                        starts.add(index.getFirstRowIndex(p));
                        assertTrue(index.getLastRowIndex(p, block.getRowCount()) - index.getFirstRowIndex(p) < 20_000);
                    }
                    expected = expected == null ? starts : expected;
                    assertEquals(expected, starts);
                }
                assertTrue(expected.size() > 2);
            }
        }
    }

    @Test
    void itsPageIndexFindsEveryMatchingRow() throws Exception {
        Random random = new Random(Seeds.of("parquet-oracle-index"));
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "day", DataType.date(), true));
        ModelRows model = new ModelRows(fields);
        for (long i = 0; i < 60_000; i++) {
            model.rows.add(new Object[] {i, random.nextInt(10) == 0 ? null : i / 1000});
        }
        write(model, random);
        for (int wanted : new int[] {0, 17, 59}) {
            FilterPredicate filter = FilterApi.eq(FilterApi.intColumn("day"), wanted);
            ParquetReadOptions options = ParquetReadOptions.builder()
                    .withRecordFilter(FilterCompat.get(filter))
                    .build();
            Set<Long> found = new TreeSet<>();
            long read = 0;
            try (ParquetFileReader reader = ParquetFileReader.open(new BytesFile(store.read(PATH)), options)) {
                MessageType schema = reader.getFileMetaData().getSchema();
                for (PageReadStore pages = reader.readNextFilteredRowGroup(); pages != null; ) {
                    RecordReader<Group> rows = new ColumnIOFactory()
                            .getColumnIO(schema)
                            .getRecordReader(pages, new GroupRecordConverter(schema));
                    for (long i = pages.getRowCount(); i > 0; i--, read++) {
                        Group group = rows.read();
                        if (group.getFieldRepetitionCount(1) > 0 && group.getInteger(1, 0) == wanted) {
                            found.add(group.getLong(0, 0));
                        }
                    }
                    pages = reader.readNextFilteredRowGroup();
                }
            }
            Set<Long> expected = new TreeSet<>();
            model.rows.stream().filter(r -> Long.valueOf(wanted).equals(r[1])).forEach(r -> expected.add((Long) r[0]));
            assertEquals(expected, found);
            assertTrue(read < 30_000, "pages were not skipped: " + read + " rows read");
        }
    }

    @Test
    void lowCardinalityGetsADictionaryAndIntegersAreDeltaPacked() throws Exception {
        Random random = new Random(4);
        List<Field> fields = List.of(
                new Field(1, "id", DataType.bigint(), false),
                new Field(2, "status", DataType.string(), false),
                new Field(3, "text", DataType.string(), false));
        ModelRows model = new ModelRows(fields);
        for (long i = 0; i < 20_000; i++) {
            byte[] text = new byte[30];
            random.nextBytes(text);
            model.rows.add(
                    new Object[] {i, ByteBuffer.wrap(("status-" + random.nextInt(5)).getBytes()), ByteBuffer.wrap(text)
                    });
        }
        write(model, random);
        try (ParquetFileReader reader = open()) {
            List<ColumnChunkMetaData> chunks =
                    reader.getFooter().getBlocks().get(0).getColumns();
            assertTrue(chunks.get(0).getEncodings().contains(Encoding.DELTA_BINARY_PACKED));
            assertTrue(chunks.get(1).getEncodings().contains(Encoding.RLE_DICTIONARY));
            assertTrue(chunks.get(2).getEncodings().contains(Encoding.DELTA_LENGTH_BYTE_ARRAY));
            assertTrue(chunks.get(1).getTotalSize() < 20_000);
        }
    }

    @Test
    void theBytesOfAFileAreAFunctionOfItsRows() throws Exception {
        ModelRows model = ModelRows.random(new Random(3), ModelRows.allTypes(true), 3000);
        write(model, new Random(8));
        byte[] first = store.read(PATH);
        write(model, new Random(8));
        assertArrayEquals(first, store.read(PATH));
    }

    /** A file in memory for parquet-java. */
    private record BytesFile(byte[] bytes) implements InputFile {
        @Override
        public long getLength() {
            return bytes.length;
        }

        @Override
        public SeekableInputStream newStream() {
            Positioned in = new Positioned(bytes);
            return new DelegatingSeekableInputStream(in) {
                @Override
                public long getPos() {
                    return in.position();
                }

                @Override
                public void seek(long position) {
                    in.moveTo((int) position);
                }
            };
        }
    }

    private static final class Positioned extends ByteArrayInputStream {
        Positioned(byte[] bytes) {
            super(bytes);
        }

        int position() {
            return pos;
        }

        void moveTo(int position) {
            pos = position;
        }
    }
}
