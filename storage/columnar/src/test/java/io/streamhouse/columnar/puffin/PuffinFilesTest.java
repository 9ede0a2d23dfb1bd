package io.streamhouse.columnar.puffin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.IcebergBuild;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.puffin.BlobMetadata;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;
import org.apache.iceberg.util.Pair;
import org.junit.jupiter.api.Test;

class PuffinFilesTest {
    private static final String PATH = "dv/vectors.puffin";
    private static final Path GOLDEN = Path.of("..", "..", "spec", "golden", "deletion-vectors.puffin");
    private static final int ROWS = Integer.MAX_VALUE;

    private final ObjectStore store = ObjectStores.memory();

    /** Every kind of container, and their edges. */
    private static List<DeletionVector> shapes() {
        Map<String, int[]> shapes = new TreeMap<>();
        shapes.put("one", new int[] {0});
        shapes.put("last", new int[] {Integer.MAX_VALUE - 1});
        shapes.put("ends", new int[] {0, 65535, 65536, Integer.MAX_VALUE - 65536, Integer.MAX_VALUE - 1});
        shapes.put("run", IntStream.range(100, 900).toArray());
        shapes.put("runs over containers", IntStream.range(60_000, 300_000).toArray());
        shapes.put("sparse", IntStream.range(0, 500).map(i -> i * 4_000_037).toArray());
        shapes.put("dense", IntStream.range(0, 60_000).map(i -> i * 2).toArray());
        shapes.put(
                "array container, full",
                IntStream.range(0, 4096).map(i -> i * 16).toArray());
        shapes.put(
                "bitmap container, least",
                IntStream.range(0, 4097).map(i -> i * 15).toArray());
        shapes.put(
                "a run after a gap of containers",
                IntStream.concat(IntStream.of(3, 5), IntStream.range(1 << 24, (1 << 24) + 70_000))
                        .toArray());
        List<DeletionVector> vectors = new ArrayList<>();
        shapes.forEach((name, positions) ->
                vectors.add(new DeletionVector("file:/warehouse/\"größe\"/" + name + ".parquet", positions)));
        return vectors;
    }

    private static DeletionVector random(Random random, int n) {
        TreeSet<Integer> set = new TreeSet<>();
        int range = 1 << (1 + random.nextInt(30));
        int at = random.nextInt(range);
        for (int i = 1 + random.nextInt(n); i > 0; i--) {
            at = random.nextInt(4) > 0 && at < Integer.MAX_VALUE - 1 ? at + 1 : random.nextInt(range);
            set.add(at);
        }
        return new DeletionVector(
                "s3://bucket/data/" + random.nextInt() + ".orc",
                set.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The file that Iceberg writes; its blobs stand in the order of its hash table. */
    @SuppressWarnings("deprecation")
    private static byte[] iceberg(List<DeletionVector> vectors) throws IOException {
        InMemoryOutputFile out = new InMemoryOutputFile(PATH);
        try (BaseDVFileWriter writer = new BaseDVFileWriter(() -> out, path -> null)) {
            for (DeletionVector vector : vectors) {
                for (int position : vector.positions()) {
                    writer.delete(vector.dataFile(), position, PartitionSpec.unpartitioned(), null);
                }
            }
        }
        return out.toByteArray();
    }

    /** The vectors in the order of a file's blobs. */
    private List<DeletionVector> inOrderOf(byte[] file, List<DeletionVector> vectors) throws IOException {
        store.put("iceberg", file);
        List<DeletionVector> ordered = new ArrayList<>();
        for (VectorFile.Blob blob : PuffinFiles.describe(store, "iceberg").blobs()) {
            ordered.add(vectors.stream()
                    .filter(v -> v.dataFile().equals(blob.dataFile()))
                    .findFirst()
                    .orElseThrow());
        }
        return ordered;
    }

    private void assertEqualToIceberg(List<DeletionVector> vectors) throws IOException {
        byte[] theirs = iceberg(vectors);
        VectorFile written = PuffinFiles.write(store, PATH, inOrderOf(theirs, vectors), IcebergBuild.fullVersion());
        assertArrayEquals(theirs, store.read(PATH));
        assertEquals(written, PuffinFiles.describe(store, PATH));
        PuffinFiles.verify(store, written);
    }

    @Test
    void everyShapeOfVectorIsByteEqualToIcebergs() throws Exception {
        for (DeletionVector vector : shapes()) {
            assertEqualToIceberg(List.of(vector));
        }
        assertEqualToIceberg(shapes());
        long seed = Seeds.of("puffin-iceberg");
        for (int round = 0; round < 60; round++) {
            Random random = new Random(seed + round);
            List<DeletionVector> vectors = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                vectors.add(random(random, 20_000));
            }
            assertEqualToIceberg(vectors);
        }
    }

    @Test
    void icebergReadsOurFile() throws Exception {
        List<DeletionVector> vectors = shapes();
        VectorFile written = PuffinFiles.write(store, PATH, vectors, "");
        byte[] bytes = store.read(PATH);
        try (PuffinReader reader =
                Puffin.read(new InMemoryInputFile(PATH, bytes)).build()) {
            List<BlobMetadata> blobs = reader.fileMetadata().blobs();
            assertEquals(vectors.size(), blobs.size());
            int i = 0;
            for (Pair<BlobMetadata, ByteBuffer> blob : reader.readAll(blobs)) {
                BlobMetadata meta = blob.first();
                VectorFile.Blob ours = written.blobs().get(i);
                DeletionVector vector = vectors.get(i++);
                assertEquals("deletion-vector-v1", meta.type());
                assertEquals(vector.dataFile(), meta.properties().get("referenced-data-file"));
                assertEquals(ours.offset(), meta.offset());
                byte[] content = new byte[blob.second().remaining()];
                blob.second().get(content);
                PositionDeleteIndex index = PositionDeleteIndex.deserialize(content, deleteFile(written, ours));
                assertEquals(vector.positions().length, index.cardinality());
                for (int position : vector.positions()) {
                    assertTrue(index.isDeleted(position));
                }
            }
        }
    }

    private static DeleteFile deleteFile(VectorFile file, VectorFile.Blob blob) {
        return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
                .ofPositionDeletes()
                .withFormat(FileFormat.PUFFIN)
                .withPath(file.path())
                .withFileSizeInBytes(file.sizeBytes())
                .withReferencedDataFile(blob.dataFile())
                .withContentOffset(blob.offset())
                .withContentSizeInBytes(blob.length())
                .withRecordCount(blob.cardinality())
                .build();
    }

    @Test
    void weReadIcebergsFileAndOurOwn() throws Exception {
        List<DeletionVector> vectors = shapes();
        store.put(PATH, iceberg(vectors));
        List<DeletionVector> ordered = inOrderOf(store.read(PATH), vectors);
        VectorFile file = PuffinFiles.describe(store, PATH);
        assertEquals(vectors.size(), file.blobs().size());
        for (int i = 0; i < ordered.size(); i++) {
            DeletionVector read = PuffinFiles.read(store, PATH, file.blobs().get(i), ROWS);
            assertEquals(ordered.get(i).dataFile(), read.dataFile());
            assertArrayEquals(ordered.get(i).positions(), read.positions());
        }
    }

    @Test
    void theGoldenFileIsWhatBothWrite() throws Exception {
        List<DeletionVector> vectors = golden();
        byte[] theirs = iceberg(vectors);
        if (Boolean.getBoolean("streamhouse.regenerate")) {
            Files.write(GOLDEN, theirs);
        }
        byte[] golden = Files.readAllBytes(GOLDEN);
        assertArrayEquals(golden, theirs);
        PuffinFiles.write(store, PATH, inOrderOf(theirs, vectors), IcebergBuild.fullVersion());
        assertArrayEquals(golden, store.read(PATH));
    }

    private static List<DeletionVector> golden() {
        return List.of(
                new DeletionVector("file:/warehouse/db/t/data/a.parquet", new int[] {0, 2, 70_000}),
                new DeletionVector(
                        "file:/warehouse/db/t/data/b.parquet",
                        IntStream.range(10, 300).toArray()));
    }

    private enum Outcome {
        RIGHT,
        REFUSED
    }

    private Outcome readAll(VectorFile file, List<DeletionVector> vectors) throws IOException {
        try {
            for (int i = 0; i < vectors.size(); i++) {
                DeletionVector read = PuffinFiles.read(store, PATH, file.blobs().get(i), 1 << 20);
                assertArrayEquals(vectors.get(i).positions(), read.positions());
            }
            return Outcome.RIGHT;
        } catch (StreamhouseException e) {
            assertEquals(ErrorCode.CORRUPT_FILE, e.code());
            assertTrue(e.getMessage().contains(PATH), e.getMessage());
            return Outcome.REFUSED;
        }
    }

    @Test
    void everyFlippedByteIsAnErrorOrTheRightAnswer() throws Exception {
        List<DeletionVector> vectors = golden();
        VectorFile file = PuffinFiles.write(store, PATH, vectors, "streamhouse");
        byte[] bytes = store.read(PATH);
        int[] outcomes = new int[2];
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) (1 << bit);
                store.put(PATH, damaged);
                boolean inBlob = at >= 4 && at < file.footerOffset();
                Outcome outcome = readAll(file, vectors);
                outcomes[outcome.ordinal()]++;
                assertEquals(inBlob ? Outcome.REFUSED : Outcome.RIGHT, outcome, "byte " + at);
                if (!inBlob) {
                    StreamhouseException e =
                            assertThrows(StreamhouseException.class, () -> PuffinFiles.verify(store, file));
                    assertTrue(
                            e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION,
                            e.getMessage());
                }
            }
        }
        System.out.printf("every bit of %d bytes: right %d, refused %d%n", bytes.length, outcomes[0], outcomes[1]);
        for (int length = 0; length < bytes.length; length++) {
            store.put(PATH, Arrays.copyOf(bytes, length));
            assertThrows(StreamhouseException.class, () -> PuffinFiles.verify(store, file));
        }
        store.delete(PATH);
        StreamhouseException e = assertThrows(
                StreamhouseException.class,
                () -> PuffinFiles.read(store, PATH, file.blobs().get(0), ROWS));
        assertEquals(ErrorCode.MISSING_FILE, e.code());
    }

    /** Behind the checksum the parser still believes nothing: no raw error, no allocation beyond the data file's rows. */
    @Test
    void aForgedChecksumNeverBreaksTheParser() throws Exception {
        Random random = new Random(Seeds.of("puffin-forged"));
        List<DeletionVector> vectors = List.of(
                new DeletionVector("a", new int[] {1, 5, 70_000, 70_003}),
                new DeletionVector("b", IntStream.range(5, 100).toArray()),
                random(random, 3000));
        int refused = 0;
        for (DeletionVector vector : vectors) {
            byte[] blob = VectorBlob.encode(vector.positions());
            for (int i = 0; i < 20_000; i++) {
                byte[] damaged = blob.clone();
                damaged[4 + random.nextInt(blob.length - 8)] ^= (byte) (1 + random.nextInt(255));
                damaged[4 + random.nextInt(blob.length - 8)] = (byte) random.nextInt(256);
                CRC32 crc = new CRC32();
                crc.update(damaged, 4, damaged.length - 8);
                ByteBuffer.wrap(damaged).putInt(damaged.length - 4, (int) crc.getValue());
                store.put(PATH, damaged);
                int n = vector.positions().length;
                try {
                    VectorFile.Blob whole = new VectorFile.Blob(vector.dataFile(), 0, damaged.length, n);
                    assertEquals(n, PuffinFiles.read(store, PATH, whole, ROWS).positions().length);
                } catch (StreamhouseException e) {
                    assertEquals(ErrorCode.CORRUPT_FILE, e.code());
                    refused++;
                }
            }
        }
        assertTrue(refused > 20_000, refused + " refused");
    }

    @Test
    void aVectorThatIsNotTheOneReferredToIsRefused() throws Exception {
        DeletionVector vector = new DeletionVector("a", new int[] {1, 5, 900});
        VectorFile.Blob blob =
                PuffinFiles.write(store, PATH, List.of(vector), "").blobs().get(0);
        List<VectorFile.Blob> forged = List.of(
                new VectorFile.Blob("a", blob.offset(), blob.length(), 4),
                new VectorFile.Blob("a", blob.offset(), blob.length() - 1, 3),
                new VectorFile.Blob("a", blob.offset() + 1, blob.length(), 3),
                new VectorFile.Blob("a", blob.offset(), Integer.MAX_VALUE, 3),
                new VectorFile.Blob("a", Long.MAX_VALUE, 8, 3),
                new VectorFile.Blob("a", blob.offset(), 0, 3));
        for (VectorFile.Blob f : forged) {
            assertThrows(StreamhouseException.class, () -> PuffinFiles.read(store, PATH, f, ROWS), f.toString());
        }
        assertThrows(StreamhouseException.class, () -> PuffinFiles.read(store, PATH, blob, 900));
        assertEquals(3, PuffinFiles.read(store, PATH, blob, 901).positions().length);
    }

    @Test
    void aFooterWithFlagsOrForeignBlobsIsHandled() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] json = "{\"blobs\":[{\"type\":\"apache-datasketches-theta-v1\",\"offset\":4,\"length\":0}]}".getBytes();
        out.writeBytes("PFA1PFA1".getBytes());
        out.writeBytes(json);
        out.writeBytes(new byte[] {(byte) json.length, 0, 0, 0, 0, 0, 0, 0});
        out.writeBytes("PFA1".getBytes());
        byte[] file = out.toByteArray();
        store.put(PATH, file);
        assertEquals(List.of(), PuffinFiles.describe(store, PATH).blobs());
        file[file.length - 8] = 1;
        store.put(PATH, file);
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> PuffinFiles.describe(store, PATH));
        assertEquals(ErrorCode.UNKNOWN_VERSION, e.code());
    }
}
