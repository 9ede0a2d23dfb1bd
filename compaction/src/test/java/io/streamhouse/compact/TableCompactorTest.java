package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.SharedDisk;
import io.streamhouse.testkit.StoreCall;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TableCompactorTest {
    /** Slices above 8 KiB alone, files of 16 KiB, so that few rows make several outputs. */
    private static final CompactionSettings SMALL = new CompactionSettings(16 << 10, 8 << 10, 1 << 30, 4);

    private static final int KEYS = 60;

    private static CompactTable filled(CompactTable.Shape shape, long seed, int commits) throws IOException {
        return filled(shape, seed, commits, FileFormat.PARQUET);
    }

    private static CompactTable filled(CompactTable.Shape shape, long seed, int commits, FileFormat format)
            throws IOException {
        CompactTable t = new CompactTable(shape, seed, format);
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < commits; i++) {
            t.commit(i % 2, t.writes(random, 40, KEYS));
        }
        return t;
    }

    private static Set<UUID> some(RandomGenerator random, CompactTable t) throws IOException {
        Set<UUID> out = new HashSet<>();
        for (FileEntry f : t.files()) {
            if (random.nextInt(3) > 0) {
                out.add(f.file().object().id());
            }
        }
        return out;
    }

    /** Random tables and tasks, with commits between base and publication; returns how many positions were translated. */
    private static long play(CompactTable.Shape shape, long seed, TableCompactor.Rules rules) throws IOException {
        return play(shape, seed, rules, FileFormat.PARQUET);
    }

    private static long play(CompactTable.Shape shape, long seed, TableCompactor.Rules rules, FileFormat format)
            throws IOException {
        RandomGenerator random = Seeds.random(seed);
        long translated = 0;
        try (CompactTable t = filled(shape, seed, 4, format);
                TableCompactor compactor = TableCompactor.open(t.open(s -> s), SMALL, rules)) {
            for (int round = 0; round < 8; round++) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    t.commit(i % 2, t.writes(random, 40, KEYS));
                }
                Set<UUID> chosen = some(random, t);
                if (chosen.isEmpty()) {
                    continue;
                }
                CompactionResult result =
                        compactor.rewrite(compactor.plan(chosen).orElseThrow());
                for (int i = random.nextInt(3); i > 0; i--) {
                    t.commit(i % 2, t.writes(random, 40, KEYS));
                }
                Snapshot before = t.head();
                CompactionOutcome.Published published =
                        assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result));
                translated += published.translatedPositions();
                assertEquals(t.model.commitNothing(), published.snapshot());
                Snapshot after = t.head();
                assertEquals(SnapshotKind.COMPACT, after.kind());
                assertEquals(before.totals().rowCount(), after.totals().rowCount());
                assertEquals(before.totals().digest(), after.totals().digest());
                assertTrue(t.files().stream()
                        .noneMatch(f -> chosen.contains(f.file().object().id())));
                t.check();
            }
            t.commit(0, t.writes(random, 40, KEYS));
            t.check();
            t.checkChanges();
        }
        return translated;
    }

    @Test
    void everyTableReadsTheSameAfterEveryCompactionBesideItsWriters() throws IOException {
        long seed = Seeds.of("TableCompactorTest");
        for (CompactTable.Shape shape : CompactTable.Shape.values()) {
            long translated = 0;
            for (int i = 0; i < 4; i++) {
                translated += play(shape, Seeds.derive(seed, i), TableCompactor.Rules.ALL);
            }
            assertEquals(shape.keyed, translated > 0, shape + " translates");
        }
    }

    @Test
    void tablesOfOrcFilesReadTheSameAfterEveryCompaction() throws IOException {
        long seed = Seeds.of("TableCompactorTest.orc");
        for (CompactTable.Shape shape :
                List.of(CompactTable.Shape.LONG, CompactTable.Shape.PARTITIONED, CompactTable.Shape.APPEND)) {
            long translated = play(shape, seed, TableCompactor.Rules.ALL, FileFormat.ORC);
            assertEquals(shape.keyed, translated > 0, shape + " translates");
        }
        try (CompactTable t = filled(CompactTable.Shape.TEXT, seed, 6, FileFormat.ORC);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            CompactionResult result =
                    compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
            for (DataFile file : result.outputs()) {
                assertEquals(FileFormat.ORC, file.object().format());
                byte[] head = t.table.components().store().read(file.object().path(), 0, 3);
                assertEquals("ORC", new String(head, StandardCharsets.US_ASCII));
            }
            compactor.publish(result);
            t.model.commitNothing();
            t.check();
            t.checkChanges();
        }
    }

    @Test
    void masksThatAreNotTranslatedBringRowsBack() {
        assertThrows(AssertionError.class, () -> play(CompactTable.Shape.LONG, 1, new TableCompactor.Rules(false)));
    }

    @Test
    void outputsAreSortedFilesOfLevelOneAndLargeSlicesStandAlone() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.PARTITIONED, 3);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            RandomGenerator random = Seeds.random(3);
            List<Write> large = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                // nearly all in one partition, so that its slices are large
                int number = random.nextInt(20) == 0 ? i : i * 3;
                large.add(CompactTable.upsert(random, t.shape.key(number)));
            }
            t.commit(0, large);
            t.commit(1, t.writes(random, 40, 300));
            CompactionResult result =
                    compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
            assertTrue(result.outputs().size() > 3, result.outputs().size() + " outputs");
            Slice last = null;
            int alone = 0;
            for (var file : result.outputs()) {
                assertEquals(1, file.origin().level());
                assertEquals(FileSource.COMPACT, file.origin().source());
                for (Slice s : file.slices()) {
                    int order = last == null ? -1 : last.partition().compareTo(s.partition());
                    assertTrue(order < 0 || order == 0 && last.bucket() <= s.bucket(), "buckets ascend");
                    last = s;
                }
                alone += file.slices().size() == 1 ? 1 : 0;
                assertTrue(file.object().sizeBytes() < 64 << 10, "cut at the target");
            }
            assertTrue(alone > 1, "large slices stand alone");
            compactor.publish(result);
            t.model.commitNothing();
            t.check();
        }
    }

    @Test
    void theMapInTheSnapshotSaysWhereEveryRowWent() throws IOException {
        for (int keys : new int[] {30, 20_000}) {
            try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 4);
                    TableCompactor compactor = TableCompactor.open(t.table, CompactionSettings.of(t.table.schema()))) {
                RandomGenerator random = Seeds.random(4);
                for (int i = 0; i < 4; i++) {
                    List<Write> writes = new ArrayList<>();
                    for (int k = 0; k < keys; k++) {
                        List<Object> key = t.shape.key(k);
                        List<Object> row = new ArrayList<>(key);
                        row.addAll(java.util.Collections.nCopies(16, null));
                        if (random.nextInt(4) == 0) {
                            writes.add(Write.upsert(key, row));
                        }
                    }
                    t.commit(0, writes);
                }
                Compaction task = compactor.plan(t.fileIds()).orElseThrow();
                CompactionResult result = compactor.rewrite(task);
                compactor.publish(result);
                BlockRef ref = t.head().change().positionMap().orElseThrow();
                assertEquals(keys > 1000, ref instanceof BlockRef.Stored);
                PositionMap map = PositionMapCodec.read(
                        ColumnFiles.readBlock(t.table.components().store(), ref), "map");
                assertEquals(
                        task.inputs().stream().map(Compaction.Input::id).toList(),
                        map.inputs().stream().map(PositionMap.Input::file).toList());
                assertEquals(
                        result.outputs().stream().map(f -> f.object().id()).toList(),
                        map.outputs().stream().map(PositionMap.Output::file).toList());
                assertEquals(result.rowCount(), map.inputOf().length);
                assertEquals("4", t.head().properties().get("compaction.inputs"));
            }
        }
    }

    @Test
    void filesOfWhichNothingIsLeftGoWithoutAnOutput() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 5);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            RandomGenerator random = Seeds.random(5);
            List<Write> puts = new ArrayList<>();
            List<Write> deletes = new ArrayList<>();
            for (int k = 0; k < 10; k++) {
                puts.add(CompactTable.upsert(random, t.shape.key(k)));
                deletes.add(Write.delete(t.shape.key(k)));
            }
            t.commit(0, puts);
            t.commit(1, deletes);
            CompactionReport report = compactor.runUntilDone();
            assertEquals(1, report.published());
            assertEquals(0, report.bytesWritten());
            t.model.commitNothing();
            assertEquals(List.of(), t.files());
            assertEquals(Optional.empty(), t.head().change().positionMap());
            t.check();
            t.commit(0, puts);
            t.check();
            t.checkChanges();
        }
    }

    @Test
    void ofTwoCompactorsThatTakeTheSameFilesOneYieldsAndCleansUp() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.LONG, 6, 6);
                TableCompactor one = TableCompactor.open(t.open(s -> s), SMALL);
                TableCompactor other = TableCompactor.open(t.open(s -> s), SMALL)) {
            CompactionResult first = one.rewrite(one.plan(t.fileIds()).orElseThrow());
            CompactionResult second = other.rewrite(other.plan(t.fileIds()).orElseThrow());
            assertInstanceOf(CompactionOutcome.Published.class, one.publish(first));
            t.model.commitNothing();
            assertInstanceOf(CompactionOutcome.GaveUp.class, other.publish(second));
            Set<String> left = t.dataObjects();
            second.outputs().forEach(f -> assertTrue(!left.contains(f.object().path())));
            first.outputs().forEach(f -> assertTrue(left.contains(f.object().path())));
            t.check();
        }
    }

    @Test
    void aCompactorThatLosesEveryRaceYieldsAndMayTryAgain() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.LONG, 7, 6)) {
            RandomGenerator random = Seeds.random(7);
            boolean[] racing = {true};
            Table beside = t.open(store -> new FaultyObjectStore(store, (call, path) -> {
                if (racing[0] && call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/")) {
                    try {
                        t.commit(0, t.writes(random, 20, KEYS));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
                return Optional.empty();
            }));
            TableCompactor compactor = TableCompactor.open(beside, SMALL);
            CompactionResult result =
                    compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
            assertEquals(new CompactionOutcome.Lost(4), compactor.publish(result));
            racing[0] = false;
            CompactionOutcome.Published published =
                    assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result));
            assertTrue(published.translatedPositions() > 0);
            t.model.commitNothing();
            t.check();
            t.checkChanges();
        }
    }

    @Test
    void anAnswerThatIsLostIsFoundOut() throws IOException {
        for (Fault fault : List.of(Fault.RESPONSE_LOST, Fault.APPLIED_LATER, Fault.ERROR_BEFORE)) {
            try (CompactTable t = filled(CompactTable.Shape.LONG, 8, 6)) {
                Table beside = t.open(store ->
                        new FaultyObjectStore(store, FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "/snapshot/", fault)));
                TableCompactor compactor = TableCompactor.open(beside, SMALL);
                CompactionResult result =
                        compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
                assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result), fault.toString());
                t.model.commitNothing();
                t.check();
            }
        }
    }

    /** From the put of a snapshot on, which is done, nothing is answered. */
    private static FaultPolicy silentOnceItPublishes() {
        boolean[] isSilent = {false};
        return (call, path) -> {
            boolean isPut = call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/");
            isSilent[0] |= isPut;
            return isSilent[0] ? Optional.of(isPut ? Fault.RESPONSE_LOST : Fault.ERROR_BEFORE) : Optional.empty();
        };
    }

    @Test
    void anOutcomeThatNobodyKnowsDeletesNothingAndIsFoundOutLater() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.LONG, 9, 6)) {
            boolean[] failing = {true};
            FaultPolicy silent = silentOnceItPublishes();
            Table beside = t.open(store -> new FaultyObjectStore(
                    store, (call, path) -> failing[0] ? silent.next(call, path) : Optional.empty()));
            TableCompactor compactor = TableCompactor.open(beside, SMALL);
            CompactionResult result =
                    compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
            assertThrows(IOException.class, () -> compactor.publish(result));
            t.model.commitNothing();
            failing[0] = false;
            t.check();
            compactor.discard(result);
            t.check();
            assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result));
            t.check();
        }
    }

    @Test
    void aResultThatIsFoundPublishedOutlastsALossOfPower() throws Exception {
        // after two fences and two commits
        SharedDisk.assertLasts("shop.db/goods/" + SnapshotChain.objectPath(5), disk -> {
            try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 14, FileFormat.PARQUET, disk.seen())) {
                RandomGenerator random = Seeds.random(14);
                t.commit(0, t.writes(random, 40, KEYS));
                t.commit(1, t.writes(random, 40, KEYS));
                TableCompactor compactor = TableCompactor.open(t.open(store -> disk.connect()), SMALL);
                CompactionResult result =
                        compactor.rewrite(compactor.plan(t.fileIds()).orElseThrow());
                disk.meet(silentOnceItPublishes());
                assertThrows(IOException.class, () -> compactor.publish(result));
                disk.meet(FaultPolicy.none());
                assertInstanceOf(CompactionOutcome.Published.class, compactor.publish(result));
            }
        });
    }

    @Test
    void aCrashAtAnyCallLeavesATableThatIsWholeAndOrphansAtMost() throws IOException {
        int completed = 0;
        for (int call = 1; completed == 0; call++) {
            for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
                int at = call;
                // opening the table does not count
                int[] seen = {Integer.MIN_VALUE};
                try (CompactTable t = filled(CompactTable.Shape.PARTITIONED, 10, 3)) {
                    Set<UUID> inputs = t.fileIds();
                    FaultyObjectStore[] connection = new FaultyObjectStore[1];
                    Table beside = t.open(store -> connection[0] = new FaultyObjectStore(
                            store, (c, path) -> ++seen[0] == at ? Optional.of(fault) : Optional.empty()));
                    seen[0] = 0;
                    TableCompactor compactor = TableCompactor.open(beside, SMALL);
                    try {
                        compactor.publish(
                                compactor.rewrite(compactor.plan(inputs).orElseThrow()));
                        completed += connection[0].isCrashed() ? 0 : 1;
                    } catch (IOException e) {
                        // the process is dead
                    }
                    if (t.head().id() > t.model.head()) {
                        t.model.commitNothing();
                    }
                    t.check();
                    TableCompactor next = TableCompactor.open(t.open(s -> s), SMALL);
                    next.publish(next.rewrite(next.plan(t.fileIds()).orElseThrow()));
                    t.model.commitNothing();
                    t.check();
                }
            }
        }
    }

    @Test
    void aRowThatIsWrittenWronglyIsNoticedBeforeAnythingIsPublished() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.LONG, 11, 6);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            Set<String> before = t.dataObjects();
            Compaction task = compactor.plan(t.fileIds()).orElseThrow();
            for (int column = 0; column < t.table.schema().fields().size(); column++) {
                int wrong = column;
                Interleave careless = new Interleave(ColumnFiles.BATCH_ROWS) {
                    private int next;

                    @Override
                    ColumnVector column(ColumnVector[] parts, int[] slots, int[] rows, int count) {
                        boolean here = next++ % t.table.schema().fields().size() == wrong;
                        int[] taken = rows.clone();
                        int[] from = slots.clone();
                        if (here) {
                            // the value of another row of the batch stands in the place of one that differs
                            int other = 1;
                            while (parts[slots[0]].sameValue(rows[0], parts[slots[other]], rows[other])) {
                                other++;
                            }
                            taken[0] = rows[other];
                            from[0] = slots[other];
                        }
                        return super.column(parts, from, taken, count);
                    }
                };
                StreamhouseException e = assertThrows(
                        StreamhouseException.class,
                        () -> compactor.rewrite(task, () -> false, careless),
                        () -> t.table.schema().fields().get(wrong).toString());
                assertEquals(ErrorCode.CORRUPT_FILE, e.code());
                assertEquals(before, t.dataObjects());
            }
            t.check();
        }
    }

    @Test
    void aRewriteThatIsCancelledLeavesNothing() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.LONG, 12, 6);
                TableCompactor compactor = TableCompactor.open(t.table, SMALL)) {
            Set<String> before = t.dataObjects();
            Compaction task = compactor.plan(t.fileIds()).orElseThrow();
            int[] asked = {0};
            compactor.discard(compactor.rewrite(task, () -> ++asked[0] < 0));
            int questions = asked[0];
            assertTrue(questions > 2);
            for (int i = 1; i <= questions; i++) {
                int at = i;
                asked[0] = 0;
                assertThrows(CancelledException.class, () -> compactor.rewrite(task, () -> ++asked[0] == at));
                assertEquals(before, t.dataObjects());
            }
        }
    }

    @Test
    void manySmallCommitsBecomeFewFilesAndTheDebtIsPaid() throws IOException {
        try (CompactTable t = filled(CompactTable.Shape.PARTITIONED, 13, 20);
                TableCompactor compactor = TableCompactor.open(t.table, CompactionSettings.of(t.table.schema()))) {
            assertEquals(20, t.files().size());
            CompactionReport report = compactor.runUntilDone();
            assertEquals(1, report.published());
            t.model.commitNothing();
            assertEquals(1, t.files().size());
            assertEquals(CompactionDebt.NONE, compactor.debt());
            assertNotEquals(0, report.bytesRead());
            t.check();
            assertEquals(CompactionReport.NONE, compactor.runUntilDone());
        }
    }
}
