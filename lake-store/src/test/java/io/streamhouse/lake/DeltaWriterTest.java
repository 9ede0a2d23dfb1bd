package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeWorld.Change;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.FoundPositionsCodec;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeltaWriterTest {
    private final RandomGenerator random = Seeds.random(Seeds.of("delta-writer"));

    private static DeleteBlock deletes(LakeWorld world, TableDelta delta) throws IOException {
        return DeleteBlockCodec.read(ColumnFiles.readBlock(world.store, delta.deletes()), "test");
    }

    private static FoundPositions found(LakeWorld world, TableDelta delta) throws IOException {
        int keys = delta.files().stream().mapToInt(DataFile::rowCount).sum()
                + DeleteBlockCodec.read(ColumnFiles.readBlock(world.store, delta.deletes()), "test")
                        .keys()
                        .size();
        return FoundPositionsCodec.read(ColumnFiles.readBlock(world.store, delta.found()), keys, "test");
    }

    private static List<Change> puts(LongStream ids) {
        return ids.mapToObj(id -> Change.put(id, id * 10)).toList();
    }

    /** Every slice holds its rows in key order, and says range, digest and bucket as they are. */
    private static void checkSlices(LakeWorld world, DataFile file) throws IOException {
        List<Row> rows = world.rows(file);
        assertEquals(file.rowCount(), rows.size());
        int bucket = -1;
        for (Slice s : file.slices()) {
            assertTrue(s.bucket() > bucket, "buckets ascend");
            bucket = s.bucket();
            long[] keys = rows.subList(s.firstRow(), s.endRow()).stream()
                    .mapToLong(r -> (Long) r.value(0))
                    .toArray();
            assertArrayEquals(LongStream.of(keys).sorted().distinct().toArray(), keys, "keys ascend");
            KeyColumn column = KeyColumn.ofLongs(1, keys.length, keys);
            assertArrayEquals(column.canonical(0), s.keys().min());
            assertArrayEquals(column.canonical(keys.length - 1), s.keys().max());
            assertEquals(column.digest(0, keys.length), s.keys().digest());
        }
    }

    @Test
    void smallSlicesOfManyBucketsShareOneFile() throws IOException {
        LakeWorld world = LakeWorld.of(16);
        TableDelta delta = world.flush(0, 0, puts(LongStream.range(0, 500)));
        assertEquals(1, delta.files().size());
        assertEquals(16, delta.files().get(0).slices().size());
        checkSlices(world, delta.files().get(0));
        assertEquals(1, world.store.counts().putCount());
        assertEquals(500, delta.counts().inserted());
        assertEquals(
                LakeWorld.digestOf(LongStream.range(0, 500).boxed().toList()),
                delta.counts().insertedKeys());
    }

    @Test
    void aLargeSliceGetsAFileOfItsOwnAndTheRestShareOne() throws IOException {
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bytes(), true));
        LakeWorld world = new LakeWorld(TableSchema.create(fields, List.of("id"), List.of(), List.of(), 3, Map.of()));
        byte[] value = new byte[1 << 20];
        random.nextBytes(value);
        Bucketing bucketing = new Bucketing(fields.subList(0, 1), 3);
        int[] wanted = {12, 2, 9};
        int[] rows = new int[3];
        List<Change> changes = new ArrayList<>();
        for (long id = 0; !Arrays.equals(rows, wanted); id++) {
            int bucket = bucketing.buckets(List.of(new ColumnVector.Longs(1, null, new long[] {id})), 1)[0];
            if (rows[bucket] < wanted[bucket]) {
                rows[bucket]++;
                changes.add(Change.put(id, value));
            }
        }
        TableDelta delta = world.flush(0, 0, changes);
        List<List<Integer>> slices = delta.files().stream()
                .map(f -> f.slices().stream().map(Slice::rowCount).toList())
                .toList();
        assertEquals(List.of(List.of(12), List.of(9), List.of(2)), slices);
        for (DataFile f : delta.files()) {
            checkSlices(world, f);
        }
    }

    @Test
    void smallDeletesAndFoundPositionsTravelInTheDelta() throws IOException {
        LakeWorld world = LakeWorld.of(4);
        world.commit(world.flush(0, 0, puts(LongStream.range(0, 100))));
        List<Change> changes = new ArrayList<>(puts(LongStream.range(50, 120)));
        LongStream.range(0, 10).forEach(id -> changes.add(Change.delete(id)));
        changes.add(Change.delete(777));
        TableDelta delta = world.flush(0, world.head(), changes);
        assertInstanceOf(BlockRef.Inline.class, delta.deletes());
        assertInstanceOf(BlockRef.Inline.class, delta.found());
        assertEquals(11, deletes(world, delta).keys().size(), "a delete keeps its key, found or not");
        assertEquals(20, delta.counts().inserted());
        assertEquals(50, delta.counts().updated());
        assertEquals(10, delta.counts().deleted());
        assertEquals(
                LakeWorld.digestOf(LongStream.range(0, 10).boxed().toList()),
                delta.counts().deletedKeys());
    }

    @Test
    void foundPositionsAreNumberedRowsInFileOrderThenDeletes() throws IOException {
        LakeWorld world = LakeWorld.of(4);
        world.commit(world.flush(0, 0, puts(LongStream.range(0, 100))));
        world.commit(world.flush(0, 1, puts(LongStream.range(30, 60))));
        List<Change> changes = new ArrayList<>(puts(LongStream.range(20, 70)));
        LongStream.range(0, 10).forEach(id -> changes.add(Change.delete(id)));
        TableDelta delta = world.flush(0, world.head(), changes);
        FoundPositions found = found(world, delta);
        List<Long> numbered = new ArrayList<>();
        for (DataFile f : delta.files()) {
            world.rows(f).forEach(r -> numbered.add((Long) r.value(0)));
        }
        DeleteBlock deletes = deletes(world, delta);
        for (long key : deletes.keys().longs()) {
            numbered.add(key);
        }
        assertEquals(numbered.size(), found.size());
        LakeView view = world.view();
        for (int i = 0; i < numbered.size(); i++) {
            DataFile file = view.file(found.files().get(found.ordinals()[i])).file();
            assertEquals(
                    numbered.get(i), world.rows(file).get(found.positions()[i]).value(0));
            assertTrue(view.isVisible(file.object().id(), found.positions()[i]));
        }
    }

    @Test
    void largeDeletesWithoutRowsStandInAFileOfNoRows() throws IOException {
        LakeWorld world = LakeWorld.of(4);
        TreeSet<Long> keys = new TreeSet<>();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            long key = random.nextLong();
            keys.add(key);
            changes.add(Change.delete(key));
        }
        TableDelta delta = world.flush(0, 0, changes);
        assertTrue(delta.deletes().length() + delta.found().length() > DeltaWriter.INLINE_PAYLOAD_BYTES);
        assertEquals(1, delta.files().size());
        DataFile file = delta.files().get(0);
        assertEquals(0, file.rowCount());
        BlockRef.Stored deletes = assertInstanceOf(BlockRef.Stored.class, delta.deletes());
        assertEquals(file.object().path(), deletes.path());
        assertInstanceOf(BlockRef.Stored.class, delta.found());
        TreeSet<Long> read = new TreeSet<>();
        for (long key : deletes(world, delta).keys().longs()) {
            read.add(key);
        }
        assertEquals(keys, read);
        assertEquals(List.of(), world.rows(file), "other readers see a file without rows");
        assertEquals(
                0,
                ColumnFiles.describe(
                                world.store, file.object().id(), file.object().path(), world.schema.fields())
                        .rowCount());
    }

    @Test
    void alsoADeltaOfLargeDeletesRemovesItsRows() throws IOException {
        LakeWorld world = LakeWorld.of(4);
        LongStream ids = random.longs(30_000);
        List<Change> puts = puts(ids);
        world.commit(world.flush(0, 0, puts));
        List<Change> deletes = new ArrayList<>();
        puts.subList(0, 20_000)
                .forEach(c -> deletes.add(Change.delete((Long) c.row().value(0))));
        TableDelta delta = world.flush(0, 1, deletes);
        assertInstanceOf(BlockRef.Stored.class, delta.deletes());
        world.commit(delta);
        TreeSet<Long> left = new TreeSet<>();
        puts.forEach(c -> left.add((Long) c.row().value(0)));
        deletes.forEach(c -> left.remove((Long) c.row().value(0)));
        assertEquals(left, world.rows().keySet());
        assertEquals(left.size(), world.countedRows());
        assertEquals(LakeWorld.digestOf(left), world.summedDigest());
    }

    @Test
    void largePayloadBesideRowsStandsInTheLastFile() throws IOException {
        LakeWorld world = LakeWorld.of(4);
        List<Change> puts = puts(random.longs(40_000));
        world.commit(world.flush(0, 0, puts));
        TableDelta delta = world.flush(0, 1, puts);
        assertTrue(
                delta.found().length() > DeltaWriter.INLINE_PAYLOAD_BYTES,
                () -> delta.found().length() + " bytes");
        BlockRef.Stored found = assertInstanceOf(BlockRef.Stored.class, delta.found());
        DataFile last = delta.files().get(delta.files().size() - 1);
        assertEquals(last.object().path(), found.path());
        for (DataFile f : delta.files()) {
            checkSlices(world, f);
        }
        world.commit(delta);
        assertEquals(40_000, world.countedRows());
        assertEquals(40_000, world.rows().size());
    }
}
