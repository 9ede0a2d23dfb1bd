package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ORC files of ours as orc-core's own reader and our Parquet files see them. */
class OrcOracleTest {
    @TempDir
    java.nio.file.Path directory;

    private final ObjectStore store = ObjectStores.memory();

    private record Written(DataFile file, BlockRef.Stored block) {}

    private Written write(FileFormat format, ModelRows model, long seed) throws IOException {
        Random random = new Random(seed);
        try (ColumnFileWriter out = ColumnFiles.writer(
                format, store, FormatContract.ID, format.name(), model.fields, FormatContract.allIds(model.fields))) {
            int row = 0;
            while (row < model.rows.size()) {
                int end = Math.min(model.rows.size(), row + 1 + random.nextInt(9000));
                out.write(model.batch(row, end, random, random.nextBoolean()));
                row = end;
                if (random.nextInt(4) == 0) {
                    out.endRowGroup();
                }
            }
            BlockRef.Stored block = out.writeBlock(new byte[random.nextInt(3000)]);
            return new Written(FormatContract.dataFile(out.finish()), block);
        }
    }

    private static ModelRows model(Random random, int round) {
        List<Field> fields =
                round < 4 ? ModelRows.allTypes(round % 2 == 0) : ModelRows.randomFields(random, 1 + random.nextInt(8));
        return ModelRows.random(random, fields, List.of(1, 100, 5000, 20_000).get(round % 4))
                .forOrc();
    }

    private Reader open() throws IOException {
        java.nio.file.Path local = directory.resolve("oracle.orc");
        Files.write(local, store.read(FileFormat.ORC.name()));
        Configuration configuration = new Configuration(false);
        configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
        return OrcFile.createReader(
                new Path(local.toUri()),
                OrcFile.readerOptions(configuration).useUTCTimestamp(true).convertToProlepticGregorian(true));
    }

    @Test
    void orcCoreReadsTheSameRowsTypesAndFieldIds() throws Exception {
        long seed = Seeds.of("orc-oracle");
        for (int round = 0; round < 12; round++) {
            ModelRows model = model(new Random(seed + round), round);
            DataFile file = write(FileFormat.ORC, model, seed + round).file();
            try (Reader reader = open()) {
                checkTail(reader, file, model.fields);
                checkRows(reader, model, "seed %d round %d".formatted(seed, round));
            }
        }
    }

    private static void checkTail(Reader reader, DataFile file, List<Field> fields) {
        assertEquals(file.rowCount(), reader.getNumberOfRows());
        assertEquals(
                FormatContract.ID.toString(),
                StandardCharsets.UTF_8
                        .decode(reader.getMetadataValue("streamhouse.file-id"))
                        .toString());
        for (int c = 0; c < fields.size(); c++) {
            TypeDescription type = reader.getSchema().getChildren().get(c);
            assertEquals(
                    fields.get(c).name(), reader.getSchema().getFieldNames().get(c));
            assertEquals(Integer.toString(fields.get(c).id()), type.getAttributeValue("iceberg.id"));
            assertEquals(Boolean.toString(!fields.get(c).nullable()), type.getAttributeValue("iceberg.required"));
        }
        List<StripeInformation> stripes = reader.getStripes();
        assertEquals(file.rowGroups().size(), stripes.size());
        for (int s = 0; s < stripes.size(); s++) {
            assertEquals(file.rowGroups().get(s).rowCount(), stripes.get(s).getNumberOfRows());
        }
    }

    private static void checkRows(Reader reader, ModelRows model, String hint) throws IOException {
        VectorizedRowBatch batch =
                reader.getSchema().createRowBatch(TypeDescription.RowBatchVersion.USE_DECIMAL64, 1000);
        int row = 0;
        try (RecordReader rows = reader.rows()) {
            while (rows.nextBatch(batch)) {
                for (int c = 0; c < model.fields.size(); c++) {
                    var vector = OrcValues.copy(model.fields.get(c).type(), batch.cols[c], batch.size);
                    for (int i = 0; i < batch.size; i++) {
                        Object expected = model.rows.get(row + i)[c];
                        Object actual = ModelRows.valueOf(vector, i);
                        if (!Objects.equals(expected, actual)) {
                            fail("%s: row %d of %s is %s, expected %s"
                                    .formatted(hint, row + i, model.fields.get(c), actual, expected));
                        }
                    }
                }
                row += batch.size;
            }
        }
        assertEquals(model.rows.size(), row, hint);
    }

    @Test
    void orcCoreAgreesWithEveryTimeAsAnInstant() throws Exception {
        ModelRows model = new ModelRows(List.of(
                new Field(1, "at", new io.streamhouse.spec.type.DataType(TypeRoot.TIMESTAMP_LTZ, 6, 0), false)));
        long[] times = {0, 1, 999_999, -1_000_000, -1_500_000, -86_400_000_001L, 1_700_000_000_123_456L};
        for (long time : times) {
            model.rows.add(new Object[] {time});
        }
        write(FileFormat.ORC, model, 1);
        try (Reader reader = open();
                RecordReader rows = reader.rows()) {
            VectorizedRowBatch batch = reader.getSchema().createRowBatch();
            rows.nextBatch(batch);
            var vector = (org.apache.orc.storage.ql.exec.vector.TimestampColumnVector) batch.cols[0];
            for (int i = 0; i < times.length; i++) {
                assertEquals(Math.floorDiv(times[i], 1000), vector.time[i]);
                assertEquals(Math.floorMod(times[i], 1_000_000) * 1000, vector.nanos[i]);
            }
        }
    }

    @Test
    void bothFormatsGiveTheSameRowsStatisticsAndBlocks() throws Exception {
        long seed = Seeds.of("orc-differential");
        for (int round = 0; round < 24; round++) {
            String hint = "seed %d round %d".formatted(seed, round);
            ModelRows model = model(new Random(seed + round), round);
            Written orc = write(FileFormat.ORC, model, seed + round);
            Written parquet = write(FileFormat.PARQUET, model, seed + round);
            assertEquals(texts(parquet.file()), texts(orc.file()), hint);
            assertArrayEquals(ColumnFiles.readBlock(store, parquet.block()), ColumnFiles.readBlock(store, orc.block()));
            Random random = new Random(seed - round);
            for (int i = 0; i < 4; i++) {
                int n = model.rows.size();
                int from = random.nextInt(n);
                int to = from + random.nextInt(n - from) + 1;
                int[] projection =
                        random.ints(random.nextInt(5), 0, model.fields.size()).toArray();
                int[] positions = random.ints(random.nextInt(60), 0, n)
                        .sorted()
                        .distinct()
                        .toArray();
                assertEquals(
                        rows(parquet.file(), model.fields, projection, from, to, positions),
                        rows(orc.file(), model.fields, projection, from, to, positions),
                        hint);
            }
        }
    }

    /** Statistics as text. */
    private static List<String> texts(DataFile file) {
        List<String> out = new ArrayList<>();
        file.stats()
                .forEach(s -> out.add("%d %d %s"
                        .formatted(
                                s.fieldId(),
                                s.nullCount(),
                                s.bounds()
                                        .map(b ->
                                                java.util.Arrays.toString(b.min()) + java.util.Arrays.toString(b.max()))
                                        .orElse("none"))));
        assertFalse(out.isEmpty());
        return out;
    }

    /** A range scanned, then single rows, as plain values. */
    private List<List<Object>> rows(
            DataFile file, List<Field> fields, int[] projection, int from, int to, int[] positions) throws IOException {
        List<List<Object>> out = new ArrayList<>();
        try (ColumnFileReader in = ColumnFiles.reader(store, file, fields, projection, from, to)) {
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                add(out, batch);
            }
            assertEquals(to - from, out.size());
            add(out, in.rows(positions));
        }
        return out;
    }

    private static void add(List<List<Object>> out, ColumnBatch batch) {
        for (int i = 0; i < batch.rowCount(); i++) {
            List<Object> row = new ArrayList<>();
            for (int c = 0; c < batch.columns().size(); c++) {
                row.add(ModelRows.valueOf(batch.column(c), i));
            }
            out.add(row);
        }
    }
}
