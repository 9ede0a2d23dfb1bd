package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.DeletionVectors;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.Field;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.puffin.Blob;
import org.apache.iceberg.puffin.BlobMetadata;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;
import org.apache.iceberg.puffin.PuffinWriter;
import org.apache.iceberg.util.Pair;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another engine sees of a snapshot: the rows of its data files without the positions of their vectors. */
class FoldedVectorsTest {
    private static final CompactionSettings SMALL = new CompactionSettings(16 << 10, 8 << 10, 1 << 30, 4);
    private static final int KEYS = 50;
    private static final int WRITERS = 3;

    @TempDir
    Path directory;

    /** The vectors of a snapshot as Iceberg reads them from our file; data file location to positions. */
    private static Map<String, BitSet> vectors(CompactTable t, Snapshot snapshot) throws IOException {
        Optional<VectorFile> written = DeletionVectors.of(t.table).write(snapshot);
        Map<String, BitSet> out = new HashMap<>();
        if (written.isEmpty()) {
            return out;
        }
        VectorFile file = written.get();
        byte[] bytes = t.table.components().store().read(file.path());
        assertArrayEquals(iceberg(t, snapshot, file), bytes);
        try (PuffinReader reader =
                Puffin.read(new InMemoryInputFile(file.path(), bytes)).build()) {
            List<BlobMetadata> metadata = reader.fileMetadata().blobs();
            assertEquals(file.blobs().size(), metadata.size());
            int i = 0;
            for (Pair<BlobMetadata, ByteBuffer> blob : reader.readAll(metadata)) {
                VectorFile.Blob ours = file.blobs().get(i++);
                assertEquals(ours.dataFile(), blob.first().properties().get("referenced-data-file"));
                byte[] content = new byte[blob.second().remaining()];
                blob.second().get(content);
                BitSet positions = new BitSet();
                PositionDeleteIndex.deserialize(content, deleteFile(file, ours))
                        .forEach(position -> positions.set(Math.toIntExact(position)));
                assertEquals(ours.cardinality(), positions.cardinality());
                assertEquals(null, out.put(ours.dataFile(), positions));
            }
        }
        return out;
    }

    private static DeleteFile deleteFile(VectorFile file, VectorFile.Blob blob) {
        return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
                .ofPositionDeletes()
                .withFormat(org.apache.iceberg.FileFormat.PUFFIN)
                .withPath(file.path())
                .withFileSizeInBytes(file.sizeBytes())
                .withReferencedDataFile(blob.dataFile())
                .withContentOffset(blob.offset())
                .withContentSizeInBytes(blob.length())
                .withRecordCount(blob.cardinality())
                .build();
    }

    /** The file that Iceberg writes of the masks that our own readers see. */
    private static byte[] iceberg(CompactTable t, Snapshot snapshot, VectorFile ours) throws IOException {
        LakeView view = LakeView.of(t.table.snapshots().tree(snapshot));
        Map<String, UUID> ids = new HashMap<>();
        view.files().forEach(e -> ids.put(location(t, e), e.file().object().id()));
        InMemoryOutputFile out = new InMemoryOutputFile("vectors");
        try (PuffinWriter writer = Puffin.write(out).createdBy("streamhouse").build()) {
            for (VectorFile.Blob blob : ours.blobs()) {
                List<Long> positions = Arrays.stream(
                                view.mask(ids.get(blob.dataFile())).toArray())
                        .mapToObj(p -> (long) p)
                        .toList();
                PositionDeleteIndex index = Deletes.toPositionIndex(CloseableIterable.withNoopClose(positions));
                Map<String, String> properties = new java.util.LinkedHashMap<>();
                properties.put("referenced-data-file", blob.dataFile());
                properties.put("cardinality", "" + positions.size());
                writer.write(new Blob(
                        "deletion-vector-v1", List.of(2147483645), -1, -1, index.serialize(), null, properties));
            }
        }
        return out.toByteArray();
    }

    private static String location(CompactTable t, FileEntry entry) {
        return t.table.uri() + "/" + entry.file().object().path();
    }

    /** Every row of every data file that no vector names; a key twice fails. */
    private static NavigableMap<List<Object>, List<Object>> rows(
            CompactTable t, Snapshot snapshot, Map<String, BitSet> vectors) throws IOException {
        List<Field> fields = t.table.schema().fields();
        int[] all = IntStream.range(0, fields.size()).toArray();
        NavigableMap<List<Object>, List<Object>> out = new TreeMap<>(TableModel.naturalOrder());
        for (FileEntry entry : t.table.snapshots().tree(snapshot).entries()) {
            BitSet vector = vectors.getOrDefault(location(t, entry), new BitSet());
            int position = 0;
            try (ColumnFileReader in = ColumnFiles.reader(
                    t.table.components().store(),
                    entry.file(),
                    fields,
                    all,
                    0,
                    entry.file().rowCount())) {
                for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                    for (int i = 0; i < batch.rowCount(); i++) {
                        List<Object> row = CompactTable.values(batch, fields, i);
                        if (!vector.get(position++) && out.put(row.subList(0, t.shape.key.size()), row) != null) {
                            throw new AssertionError("two files show " + row);
                        }
                    }
                }
            }
        }
        return out;
    }

    private static void check(CompactTable t, long snapshot, Map<String, BitSet> vectors) throws IOException {
        t.model.checkRows(snapshot, rows(t, t.table.snapshots().snapshot(snapshot), vectors));
    }

    /**
     * Counts of a history.
     *
     * @param vectors vectors of all snapshots
     * @param shifted snapshots whose vectors would hold other positions if they counted within slices
     */
    private record Played(int vectors, int shifted) {}

    /** Upserts, deletes and compactions beside them; every snapshot is folded, and every planted fault noticed. */
    private static Played play(CompactTable.Shape shape, FileFormat format, long seed) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        int vectors = 0;
        int shifted = 0;
        try (CompactTable t = new CompactTable(shape, seed, format);
                TableCompactor compactor = TableCompactor.open(t.open(s -> s), SMALL)) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 3; i++) {
                    t.commit(i % 2, t.writes(random, 40, KEYS));
                }
                Set<UUID> chosen = new HashSet<>(t.fileIds());
                chosen.removeIf(f -> random.nextInt(3) == 0);
                CompactionResult result = chosen.isEmpty()
                        ? null
                        : compactor.rewrite(compactor.plan(chosen).orElseThrow());
                t.commit(1, t.writes(random, 40, KEYS));
                if (result != null) {
                    assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result));
                    t.model.commitNothing();
                }
            }
            for (long id = 1; id <= t.model.head(); id++) {
                Snapshot snapshot = t.table.snapshots().snapshot(id);
                Map<String, BitSet> folded = vectors(t, snapshot);
                check(t, id, folded);
                vectors += folded.size();
                Map<String, BitSet> withinSlices = withinSlices(t, snapshot, folded);
                if (!withinSlices.equals(folded)) {
                    shifted++;
                    assertThrows(AssertionError.class, () -> check(t, snapshot.id(), withinSlices));
                }
            }
            everyVectorIsMissed(t);
        }
        return new Played(vectors, shifted);
    }

    /** A planted fault: the positions of each vector as if they were counted from the first row of their slice. */
    private static Map<String, BitSet> withinSlices(CompactTable t, Snapshot snapshot, Map<String, BitSet> right)
            throws IOException {
        Map<String, BitSet> out = new HashMap<>();
        for (FileEntry entry : t.table.snapshots().tree(snapshot).entries()) {
            BitSet vector = right.get(location(t, entry));
            if (vector == null) {
                continue;
            }
            BitSet wrong = new BitSet();
            for (Slice slice : entry.file().slices()) {
                vector.get(slice.firstRow(), slice.firstRow() + slice.rowCount()).stream()
                        .forEach(wrong::set);
            }
            out.put(location(t, entry), wrong);
        }
        return out;
    }

    /** A planted fault: a file of the newest snapshot without its vector. */
    private static void everyVectorIsMissed(CompactTable t) throws IOException {
        Snapshot head = t.head();
        Map<String, BitSet> right = vectors(t, head);
        for (String file : right.keySet()) {
            Map<String, BitSet> less = new HashMap<>(right);
            less.remove(file);
            assertThrows(AssertionError.class, () -> check(t, head.id(), less), file);
        }
    }

    @Test
    void dataFilesWithoutTheirVectorsAreTheTableAtEverySnapshot() throws IOException {
        long seed = Seeds.of("FoldedVectorsTest");
        int shifted = 0;
        for (CompactTable.Shape shape : CompactTable.Shape.values()) {
            Played played = play(shape, FileFormat.PARQUET, Seeds.derive(seed, shape.ordinal()));
            assertEquals(shape.keyed, played.vectors > 20, shape + ": " + played);
            shifted += played.shifted;
        }
        Played orc = play(CompactTable.Shape.PARTITIONED, FileFormat.ORC, seed);
        assertTrue(orc.vectors > 20, "ORC: " + orc);
        assertTrue(shifted + orc.shifted > 5, shifted + orc.shifted + " snapshots show where positions count from");
    }

    /** Rows that another writer of the same commit supersedes are masked from birth. */
    @Test
    void vectorsHoldWhatWritersOfOneCommitTakeFromEachOther() throws IOException {
        RandomGenerator random = Seeds.random(Seeds.of("FoldedVectorsTest.writers"));
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 2);
                TableCommitter committer = TableCommitter.open(t.table)) {
            CommitTimeline timeline = CommitTimeline.fresh(
                    CommitUser.named("engine"), t.table.components().ids());
            int bornMasked = 0;
            for (int commit = 1; commit <= 6; commit++) {
                List<TableDelta> parts = new ArrayList<>();
                for (int w = 0; w < WRITERS; w++) {
                    WriterSettings settings = new WriterSettings(w, WRITERS, DataSize.ofMebibytes(1), directory);
                    try (TableWriter writer = TableWriter.forEngine(t.table, settings)) {
                        for (int i = 0; i < 15; i++) {
                            List<Object> key = t.shape.key(random.nextInt(30));
                            List<Object> row =
                                    CompactTable.upsert(random, key).row().orElseThrow();
                            writer.write(
                                    random.nextInt(3) == 0 ? RowKind.DELETE : RowKind.INSERT, Row.of(row.toArray()));
                        }
                        writer.flush().ifPresent(parts::add);
                    }
                }
                assertInstanceOf(
                        CommitOutcome.Committed.class,
                        committer.commit(timeline.next(commit, OptionalLong.empty(), parts, false)));
                Snapshot head = t.head();
                Map<String, BitSet> folded = vectors(t, head);
                var shown = t.scan(head.id());
                var left = rows(t, head, folded);
                assertEquals(shown.keySet(), left.keySet());
                shown.forEach((key, row) -> assertTrue(TableModel.sameRow(row, left.get(key)), key + " is " + row));
                for (FileEntry entry : t.table.snapshots().tree(head).entries()) {
                    bornMasked += entry.bornIn() == head.id() && folded.containsKey(location(t, entry)) ? 1 : 0;
                }
            }
            assertTrue(bornMasked > 3, bornMasked + " files masked from birth");
        }
    }

    /** Parquet's own reader counts rows as our masks do. */
    @Test
    void parquetsOwnReaderFindsTheRowsOfTheTable() throws IOException {
        RandomGenerator random = Seeds.random(Seeds.of("FoldedVectorsTest.parquet"));
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 3);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            for (int i = 0; i < 9; i++) {
                t.commit(i % 2, t.writes(random, 60, KEYS));
                if (i == 2) {
                    compactor.publish(
                            compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow()));
                    t.model.commitNothing();
                }
            }
            Snapshot head = t.head();
            Map<String, BitSet> folded = vectors(t, head);
            Set<Long> left = new TreeSet<>();
            long masked = 0;
            for (FileEntry entry : t.table.snapshots().tree(head).entries()) {
                BitSet vector = folded.getOrDefault(location(t, entry), new BitSet());
                List<Long> ids = ids(t, entry.file());
                for (int position = 0; position < ids.size(); position++) {
                    if (vector.get(position)) {
                        masked++;
                    } else {
                        assertTrue(left.add(ids.get(position)), "id " + ids.get(position) + " stands twice");
                    }
                }
            }
            Set<Long> expected = new TreeSet<>();
            t.scan(head.id()).keySet().forEach(key -> expected.add((Long) key.get(0)));
            assertEquals(expected, left);
            assertTrue(masked > 10, masked + " masked");
        }
    }

    /** The first column of a file, row after row. */
    private List<Long> ids(CompactTable t, DataFile file) throws IOException {
        Path copy = directory.resolve(file.object().id() + ".parquet");
        Files.write(copy, t.table.components().store().read(file.object().path()));
        List<Long> out = new ArrayList<>();
        try (ParquetFileReader in = ParquetFileReader.open(new LocalInputFile(copy))) {
            MessageType schema = in.getFileMetaData().getSchema();
            for (PageReadStore pages = in.readNextRowGroup(); pages != null; pages = in.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    out.add(records.read().getLong("id", 0));
                }
            }
        }
        return out;
    }

    @Test
    void aTableOfOneCommitHasNoVectors() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 4)) {
            List<Write> writes = List.of(CompactTable.upsert(Seeds.random(4), t.shape.key(1)));
            t.commit(0, writes);
            assertEquals(Optional.empty(), DeletionVectors.of(t.table).write(t.head()));
            check(t, t.model.head(), Map.of());
        }
    }
}
