package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ParquetRoundTripTest {
    private static final List<DataType> TYPES = List.of(
            DataType.bool(),
            DataType.of(TypeRoot.TINYINT),
            DataType.integer(),
            DataType.bigint(),
            DataType.of(TypeRoot.FLOAT),
            DataType.of(TypeRoot.DOUBLE),
            DataType.decimal(9, 2),
            DataType.decimal(18, 4),
            DataType.decimal(38, 10),
            DataType.string(),
            DataType.bytes(),
            DataType.date(),
            new DataType(TypeRoot.TIME, 6, 0),
            DataType.timestamp(3),
            DataType.timestamp(9),
            new DataType(TypeRoot.TIMESTAMP_LTZ, 6, 0));

    @Test
    void rowsComeBackAsTheyWereWritten() throws Exception {
        long seed = Seeds.of("parquet-round-trip");
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            int rows = List.of(1, 7, 8192, 8193, 20_000, 300).get(round % 6);
            int nullShare = round % 3 * 40;
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < TYPES.size(); i++) {
                fields.add(new Field(i + 1, "c" + i, TYPES.get(i), nullShare > 0));
            }
            ColumnBatch batch = batch(fields, rows, nullShare, random);
            ObjectStore store = ObjectStores.memory();
            UUID id = new UUID(1, round);
            BlockRef.Stored block;
            DataFile file;
            byte[] foreign = new byte[1000];
            random.nextBytes(foreign);
            try (ColumnFileWriter out = ColumnFiles.writer(store, id, "data/x.parquet", fields, Set.of(1, 4, 10))) {
                out.write(batch);
                block = out.writeBlock(foreign);
                WrittenFile w = out.finish();
                assertEquals(rows, w.rowCount());
                assertEquals(3, w.stats().size());
                file = new DataFile(
                        w.object(),
                        new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                        rows,
                        List.of(new Slice(Partition.NONE, 1, 0, 0, rows, Slice.KeyRange.NONE)),
                        w.rowGroups(),
                        w.stats());
            }
            assertEquals(1000, ColumnFiles.readBlock(store, block).length);
            int[] projection = random.ints(0, fields.size()).limit(5).toArray();
            int from = rows / 3;
            int seen = from;
            try (ColumnFileReader in = ColumnFiles.reader(store, file, fields, projection, from, rows)) {
                for (ColumnBatch b = in.next(); b != null; b = in.next()) {
                    assertEquals(seen, in.batchStart());
                    for (int c = 0; c < projection.length; c++) {
                        for (int i = 0; i < b.rowCount(); i++) {
                            assertTrue(b.column(c).sameValue(i, batch.column(projection[c]), seen + i));
                        }
                    }
                    seen += b.rowCount();
                }
                assertEquals(rows, seen);
                int[] positions = random.ints(0, rows)
                        .limit(rows / 2 + 1)
                        .distinct()
                        .sorted()
                        .toArray();
                ColumnBatch picked = in.rows(positions);
                for (int c = 0; c < projection.length; c++) {
                    for (int i = 0; i < positions.length; i++) {
                        assertTrue(picked.column(c).sameValue(i, batch.column(projection[c]), positions[i]));
                    }
                }
            }
        }
    }

    static ColumnBatch batch(List<Field> fields, int rows, int nullShare, Random random) {
        List<ColumnVector> columns = new ArrayList<>();
        for (Field f : fields) {
            ColumnBuilder b = ColumnBuilder.of(f.type().physical());
            for (int i = 0; i < rows; i++) {
                if (random.nextInt(100) < nullShare) {
                    b.appendNull();
                } else if (b instanceof ColumnBuilder.OfBooleans x) {
                    x.append(random.nextBoolean());
                } else if (b instanceof ColumnBuilder.OfInts x) {
                    x.append(random.nextInt());
                } else if (b instanceof ColumnBuilder.OfLongs x) {
                    boolean wide = random.nextInt(10) == 0 && f.type().root() != TypeRoot.DECIMAL;
                    x.append(wide ? random.nextLong() : random.nextInt(1000) - 500);
                } else if (b instanceof ColumnBuilder.OfFloats x) {
                    x.append(random.nextInt(10) == 0 ? Float.NaN : random.nextFloat());
                } else if (b instanceof ColumnBuilder.OfDoubles x) {
                    x.append(random.nextInt(10) == 0 ? -0.0 : random.nextDouble());
                } else {
                    byte[] value = new byte[f.type().isWideDecimal() ? 16 : random.nextInt(30)];
                    random.nextBytes(value);
                    ((ColumnBuilder.OfBytes) b).append(value);
                }
            }
            columns.add(b.build());
        }
        return ColumnBatch.of(columns);
    }
}
