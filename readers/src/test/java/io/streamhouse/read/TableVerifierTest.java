package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.FindingKind;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyReport;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.SnapshotPin;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A sound table is found sound, whatever was done to it; anything that is wrong is named, and nothing else. */
class TableVerifierTest {
    private static final String ROOT = "shop.db/orders/";

    private static VerifyReport verify(TestTable t, VerifyScope scope) throws IOException {
        return new TableVerifier(t.open(), text -> {}).verify(scope);
    }

    private static void assertSound(TestTable t) throws IOException {
        for (VerifyScope scope : List.of(VerifyScope.ALL.deeply(), VerifyScope.newest(2))) {
            VerifyReport report = verify(t, scope);
            assertEquals(List.of(), report.findings());
            assertTrue(report.dataCompared() && report.isSound());
            assertEquals(t.table.snapshots().latest().orElseThrow().totals().rowCount(), report.rows());
        }
    }

    /** The one finding there is. */
    private static Finding only(TestTable t, VerifyScope scope) throws IOException {
        VerifyReport report = verify(t, scope);
        assertEquals(1, report.findings().size(), report.findings().toString());
        return report.findings().get(0);
    }

    private static void assertFound(TestTable t, VerifyScope scope, FindingKind kind, String object, String problem)
            throws IOException {
        Finding found = only(t, scope);
        assertEquals(kind, found.kind(), found.toString());
        assertEquals(object, found.object(), found.toString());
        assertTrue(found.problem().contains(problem), found.problem());
    }

    private static TestTable random(TableSchema schema, int commits) throws IOException {
        TestTable t = new TestTable(schema, 11, 1);
        RandomGenerator random = Seeds.random(Seeds.of("verify", 4));
        for (int i = 0; i < commits; i++) {
            t.commit(0, t.randomWrites(random, 60, 200));
        }
        return t;
    }

    @Test
    void tablesOfEveryShapeAreSound() throws IOException {
        for (FileFormat format : FileFormat.values()) {
            for (List<String> partitions : List.of(List.<String>of(), List.of("region"))) {
                if (format == FileFormat.ORC && partitions.isEmpty()) {
                    continue;
                }
                try (TestTable t = random(TestTable.orders(partitions, 3, format), 16)) {
                    new HandMadeCompaction(t, e -> e.bornIn() % 2 == 0).commit();
                    assertSound(t);
                    Rollback.to(t.open(), 9, SnapshotPin.NONE).commit();
                    assertSound(t);
                    t.commit(0, t.randomWrites(Seeds.random(9), 60, 200));
                    Overwrite.of(t.open(), new Extent.Everything()).commit(Overwrite.withoutRows(t.open()));
                    assertSound(t);
                }
            }
        }
    }

    @Test
    void aTableWithoutKeyIsSound() throws IOException {
        TableSchema events = TableSchema.create(
                List.of(new Field(1, "number", DataType.bigint(), true), new Field(2, "text", DataType.string(), true)),
                List.of(),
                List.of(),
                List.of(),
                2,
                Map.of());
        try (TestTable t = new TestTable(events, 31, 1)) {
            for (long c = 0; c < 5; c++) {
                List<Write> writes = new ArrayList<>();
                for (long r = 0; r < 50; r++) {
                    writes.add(new Write(List.of(), Optional.of(Arrays.asList(r / 2, r % 5 == 0 ? null : "t"))));
                }
                t.commit(0, writes);
            }
            assertSound(t);
        }
    }

    @Test
    void aTableWithoutSnapshotsIsSoundAndOneThatWasNeverThereIsAnError() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(2), 1, 0)) {
            assertTrue(verify(t, VerifyScope.ALL).isSound());
        }
        try (TestTable t = random(TestTable.orders(2), 3)) {
            assertThrows(RuntimeException.class, () -> verify(t, VerifyScope.of(77)));
        }
    }

    @Test
    void aKeyThatIsWideIsPrintedAndMerged() throws IOException {
        try (TestTable t = random(TestTable.orders(List.of("region"), 1), 10)) {
            assertSound(t); // its key is text and a number: byte strings
        }
    }

    // Damage to bytes

    /** What damages an object, and what is found then. */
    private record Damage(FindingKind kind, String what) {
        void to(TestTable t, String path, byte[] bytes) throws IOException {
            switch (what) {
                case "lost" -> t.bytes.delete(path);
                case "shortened" -> t.bytes.put(path, Arrays.copyOf(bytes, bytes.length - 7));
                case "longer" -> t.bytes.put(path, Arrays.copyOf(bytes, bytes.length + 7));
                default -> {
                    byte[] flipped = bytes.clone();
                    flipped[what.equals("flipped early") ? bytes.length / 3 : bytes.length - 5] ^= 4;
                    t.bytes.put(path, flipped);
                }
            }
        }
    }

    private static final List<Damage> DAMAGES = List.of(
            new Damage(FindingKind.MISSING, "lost"),
            new Damage(FindingKind.DAMAGED, "shortened"),
            new Damage(FindingKind.DAMAGED, "longer"),
            new Damage(FindingKind.DAMAGED, "flipped early"),
            new Damage(FindingKind.DAMAGED, "flipped late"));

    /** Objects of a kind, as paths below the table. */
    private static List<String> objects(TestTable t, String kind) throws IOException {
        return t.bytes.list(ROOT + kind).stream()
                .map(ObjectInfo::path)
                .filter(p -> !p.endsWith("hint"))
                .map(p -> p.substring(ROOT.length()))
                .toList();
    }

    /** Many small commits for manifests, two large ones for a mask object. */
    private static TestTable history() throws IOException {
        TestTable t = new TestTable(TestTable.orders(40), 7, 1);
        RandomGenerator random = Seeds.random(3);
        for (int commit = 0; commit < 24; commit++) {
            List<Write> writes = new ArrayList<>();
            boolean large = commit == 1 || commit == 2;
            for (int i = 0; i < (large ? 9_000 : 60); i++) {
                long id = large ? i : random.nextInt(9_000);
                writes.add(t.upsert("r" + id % 3, id, "s" + commit, BigDecimal.valueOf(id, 2), 0.5));
            }
            t.commit(0, writes);
        }
        return t;
    }

    @Test
    void everyDamagedObjectIsNamed() throws IOException {
        try (TestTable t = history()) {
            assertSound(t);
            for (String kind : List.of("data", "manifest", "mask", "snapshot")) {
                List<String> all = objects(t, kind);
                assertTrue(!all.isEmpty(), kind);
                String object = all.get(all.size() / 2);
                byte[] whole = t.bytes.read(ROOT + object);
                for (Damage damage : DAMAGES) {
                    if (kind.equals("mask") && damage.what.equals("longer")) {
                        continue; // ranges of it are named, and what stands behind them is nobody's
                    }
                    damage.to(t, ROOT + object, whole);
                    Finding found = only(t, kind.equals("data") ? VerifyScope.ALL.deeply() : VerifyScope.ALL);
                    assertEquals(object, found.object(), damage + ": " + found);
                    assertEquals(damage.kind, found.kind(), found.toString());
                    assertTrue(found.advice().contains("restore " + object), found.advice());
                    t.bytes.put(ROOT + object, whole);
                }
            }
        }
    }

    @Test
    void aDamagedValueIsFoundWithoutReadingDeeply() throws IOException {
        try (TestTable t = history()) {
            String object = null;
            for (FileEntry e : t.open()
                    .snapshots()
                    .tree(t.table.snapshots().latest().orElseThrow())
                    .entries()) {
                if (e.file().rowCount() > 5_000) {
                    object = e.file().object().path();
                    byte[] bytes = t.bytes.read(ROOT + object);
                    bytes[(int) e.file().rowGroups().get(0).chunks().get(3).offset() + 30] ^= 1;
                    t.bytes.put(ROOT + object, bytes);
                    break;
                }
            }
            Finding found = only(t, VerifyScope.ALL);
            assertEquals(object, found.object(), found.toString());
            assertTrue(found.advice().contains("roll back to snapshot " + (found.snapshot() - 1)), found.advice());
        }
    }

    @Test
    void swappedFilesAreBothNamed() throws IOException {
        try (TestTable t = history()) {
            List<String> data = objects(t, "data");
            byte[] one = t.bytes.read(ROOT + data.get(0));
            byte[] other = t.bytes.read(ROOT + data.get(1));
            t.bytes.put(ROOT + data.get(0), other);
            t.bytes.put(ROOT + data.get(1), one);
            List<String> named = verify(t, VerifyScope.ALL).findings().stream()
                    .map(Finding::object)
                    .sorted()
                    .toList();
            assertEquals(data.subList(0, 2), named);
        }
    }

    @Test
    void theSchemaAndTheBoundaryAreRead() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            t.bytes.put(ROOT + "boundary/1", new byte[] {1, 2, 3});
            assertEquals("boundary/1", only(t, VerifyScope.ALL).object());
        }
    }

    /** A chain that ends too early is whole; only the hint, or the boundary, knows that there was more. */
    @Test
    void theNewestSnapshotsAreMissed() throws IOException {
        for (boolean all : new boolean[] {false, true}) {
            try (TestTable t = random(TestTable.orders(2), 3)) {
                String hint = ROOT + "snapshot/hint";
                long head = t.table.snapshots().latest().orElseThrow().id();
                t.bytes.put(hint, Long.toString(head).getBytes(StandardCharsets.US_ASCII));
                for (long id = all ? 1 : head; id <= head; id++) {
                    t.bytes.delete(ROOT + SnapshotChain.objectPath(id));
                }
                Finding finding = only(t, VerifyScope.ALL);
                assertEquals(FindingKind.MISSING, finding.kind());
                assertEquals(SnapshotChain.objectPath(head), finding.object());
            }
        }
    }

    @Test
    void aDamagedLeaseIsNamedAndMayBeDeleted() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            String path = "consumers/lease-00000000-0000-4000-8000-000000000001/2";
            t.bytes.put(ROOT + path, new byte[] {1, 2, 3});
            assertFound(t, VerifyScope.ALL, FindingKind.DAMAGED, path, "end of line");
            assertTrue(only(t, VerifyScope.ALL).advice().startsWith("delete " + path));
            assertTrue(verify(t, VerifyScope.ALL).dataCompared());
        }
    }

    @Test
    void newestSnapshotsThatAreGoneAreFoundByTheHint() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            long head = t.open().snapshots().latest().orElseThrow().id();
            byte[] hint = Long.toString(head).getBytes(StandardCharsets.US_ASCII);
            t.bytes.put(ROOT + "snapshot/hint", hint);
            assertSound(t);
            String newest = SnapshotChain.objectPath(head);
            t.bytes.delete(ROOT + newest);
            assertFound(t, VerifyScope.ALL, FindingKind.MISSING, newest, "snapshot %d, the newest is".formatted(head));
            assertTrue(verify(t, VerifyScope.of(head - 1)).isSound());
            t.bytes.delete(ROOT + "snapshot/hint");
            assertTrue(verify(t, VerifyScope.ALL).isSound(), "nothing else tells");
        }
    }

    // Records with right checksums that say what is not so

    /** One bucket; the keys 1 to 5, then 1 again, then 5 deleted, then 100: masks of one row each stand inline. */
    private static TestTable small(int buckets) throws IOException {
        TestTable t = new TestTable(TestTable.orders(buckets), 5, 1);
        t.commit(row(t, 1), row(t, 2), row(t, 3), row(t, 4), row(t, 5));
        t.commit(row(t, 1));
        t.commit(t.delete("r", 5L, null, null, null));
        t.commit(row(t, 100));
        return t;
    }

    private static Write row(TestTable t, long id) {
        return t.upsert("r", id, "s", BigDecimal.valueOf(id, 2), 0.5);
    }

    @Test
    void aWrongCountIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            assertSound(t);
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            forged.forge(head, s -> ForgedTable.plus(s, 1));
            assertFound(
                    t,
                    VerifyScope.of(head),
                    FindingKind.WRONG_RECORD,
                    SnapshotChain.objectPath(head),
                    "says that 6 rows are visible, its files and masks show 5");
        }
    }

    @Test
    void aMarkOfCleaningThatFallsIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            forged.forge(head - 1, s -> ForgedTable.with(s, new Cleaned(1, 1)));
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.WRONG_RECORD,
                    SnapshotChain.objectPath(head),
                    "may have been cleaned away, before its parent Cleaned[changedBefore=1, baseBelow=1]");
            forged.forge(head, s -> ForgedTable.with(s, new Cleaned(1, 2)));
            assertSound(t);
        }
    }

    @Test
    void aWrongDigestIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            forged.forge(head, s -> ForgedTable.plus(s, 0, 77));
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.WRONG_RECORD,
                    SnapshotChain.objectPath(head),
                    "the digest of its keys");
        }
    }

    @Test
    void aWrongCountInTheMiddleIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long middle = forged.head() - 1;
            forged.forge(middle, s -> ForgedTable.plus(s, 3));
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.CHANGELOG,
                    SnapshotChain.objectPath(middle),
                    "its changes make 4 rows");
        }
    }

    /** The mask of the row that was replaced is gone. */
    @Test
    void aKeyThatIsVisibleTwiceIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            forged.forge(
                    head,
                    s -> ForgedTable.plus(
                            ForgedTable.withSegments(s, s.tree().segments().subList(1, 2)), 1, 1));
            Finding found = only(t, VerifyScope.ALL);
            assertEquals(FindingKind.KEY_TWICE, found.kind(), found.toString());
            assertTrue(found.problem().startsWith("key ") && found.problem().contains("1"), found.problem());
            assertTrue(found.object().startsWith("data/"), found.object());
            assertTrue(found.advice().contains("roll back to snapshot " + (head - 1)), found.advice());
        }
    }

    @Test
    void aMaskBeyondTheRowsOfItsFileIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            DataFile file = forged.snapshot(head).tree().tail().entries().get(0).file();
            MaskSegment beyond = new MaskSegment(
                    head, head, List.of(new FileMask(file.object().id(), new int[] {file.rowCount()})));
            SegmentRef ref = new SegmentRef(head, head, 1, 1, new BlockRef.Inline(MaskSegmentCodec.write(beyond)));
            forged.forge(head, s -> {
                List<SegmentRef> all = new ArrayList<>(s.tree().segments());
                all.add(ref);
                return ForgedTable.withSegments(s, all);
            });
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.BAD_MASK,
                    file.object().path(),
                    "row %d is masked".formatted(file.rowCount()));
        }
    }

    /** A row that was deleted is there again, in the totals too; but no commit has brought it. */
    @Test
    void aChangelogThatDoesNotFoldIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            forged.forge(
                    head,
                    s -> ForgedTable.plus(
                            ForgedTable.withSegments(s, s.tree().segments().subList(0, 1)), 1, 5));
            assertTrue(verify(t, VerifyScope.of(head)).isSound(), "by itself the snapshot is right");
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.CHANGELOG,
                    SnapshotChain.objectPath(head),
                    "its changes make 5 rows");
        }
    }

    /** A row is exchanged for another of the same key: counts and keys are the same, values are not. */
    @Test
    void aRowThatChangesWithoutACommitIsNamed() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(1), 5, 1)) {
            t.commit(row(t, 1), row(t, 2));
            t.commit(t.upsert("other", 1L, null, null, null));
            t.commit(row(t, 3));
            t.commit(row(t, 4));
            ForgedTable forged = new ForgedTable(t);
            long wrong = forged.head() - 1;
            Snapshot now = forged.snapshot(wrong);
            FileEntry older = now.tree().tail().entries().get(0);
            FileEntry newer = now.tree().tail().entries().get(1);
            MaskSegment swapped = new MaskSegment(
                    wrong - 1,
                    wrong - 1,
                    List.of(new FileMask(newer.file().object().id(), new int[] {0})));
            SegmentRef ref =
                    new SegmentRef(wrong - 1, wrong - 1, 1, 1, new BlockRef.Inline(MaskSegmentCodec.write(swapped)));
            assertEquals(2, older.file().rowCount());
            forged.forge(wrong, s -> ForgedTable.withSegments(s, List.of(ref)));
            forged.forge(wrong + 1, s -> ForgedTable.withSegments(s, List.of(ref)));
            assertFound(
                    t,
                    VerifyScope.ALL,
                    FindingKind.CHANGELOG,
                    SnapshotChain.objectPath(wrong),
                    "do not make its rows of those of the snapshot before");
        }
    }

    @Test
    void aSliceOfAnotherBucketIsNamed() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            String path = last(forged).object().path();
            forged.forge(
                    head,
                    s -> ForgedTable.withTail(s, e -> {
                        Slice of = e.file().slices().get(0);
                        Slice moved = new Slice(of.partition(), 64, 63, of.firstRow(), of.rowCount(), of.keys());
                        return e.file().object().path().equals(path)
                                ? changed(e, List.of(moved), e.file().stats())
                                : e;
                    }));
            assertFound(t, VerifyScope.of(head), FindingKind.MISPLACED, path, "row 0 belongs into bucket");
        }
    }

    @Test
    void statisticsThatAreNotThoseOfTheValuesAreFoundDeeply() throws IOException {
        try (TestTable t = small(1)) {
            ForgedTable forged = new ForgedTable(t);
            long head = forged.head();
            String path = last(forged).object().path();
            forged.forge(
                    head,
                    s -> ForgedTable.withTail(s, e -> {
                        List<ColumnStats> stats = new ArrayList<>(e.file().stats());
                        stats.set(
                                2,
                                new ColumnStats(
                                        stats.get(2).fieldId(), 1, stats.get(2).bounds()));
                        return e.file().object().path().equals(path)
                                ? changed(e, e.file().slices(), stats)
                                : e;
                    }));
            assertTrue(verify(t, VerifyScope.of(head)).isSound(), "no value was read");
            assertFound(t, VerifyScope.of(head).deeply(), FindingKind.WRONG_RECORD, path, "the statistics of field 3");
        }
    }

    private static DataFile last(ForgedTable forged) throws IOException {
        List<FileEntry> tail = forged.snapshot(forged.head()).tree().tail().entries();
        return tail.get(tail.size() - 1).file();
    }

    private static FileEntry changed(FileEntry e, List<Slice> slices, List<ColumnStats> stats) {
        DataFile f = e.file();
        return new FileEntry(
                new DataFile(f.object(), f.origin(), f.rowCount(), slices, f.rowGroups(), stats),
                e.addedIn(),
                e.bornIn(),
                e.firstRowId());
    }

    @Test
    void verifyingWritesNothing() throws IOException {
        try (TestTable t = small(2)) {
            List<ObjectInfo> objects = t.bytes.list("");
            verify(t, VerifyScope.ALL.deeply());
            assertEquals(objects, t.bytes.list(""));
        }
    }
}
