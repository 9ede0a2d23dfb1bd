package io.streamhouse.read;

import static io.streamhouse.read.VerifiedTables.assertFound;
import static io.streamhouse.read.VerifiedTables.assertSound;
import static io.streamhouse.read.VerifiedTables.only;
import static io.streamhouse.read.VerifiedTables.row;
import static io.streamhouse.read.VerifiedTables.small;
import static io.streamhouse.read.VerifiedTables.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.FindingKind;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records with right checksums that say what is not so are named, and nothing else. */
class VerifyWrongRecordsTest {
    private TestTable t;
    private ForgedTable forged;
    private long head;

    @BeforeEach
    void makeTable() throws IOException {
        t = small(1);
        forged = new ForgedTable(t);
        head = forged.head();
    }

    @AfterEach
    void close() throws IOException {
        t.close();
    }

    /** What is wrong with the record of a snapshot. */
    private void assertFoundInRecord(long snapshot, FindingKind kind, String problem) throws IOException {
        assertFound(t, VerifyScope.ALL, kind, SnapshotChain.objectPath(snapshot), problem);
    }

    @Test
    void aWrongCountIsNamed() throws IOException {
        assertSound(t);
        forged.forge(head, s -> ForgedTable.plus(s, 1));
        assertFound(
                t,
                VerifyScope.of(head),
                FindingKind.WRONG_RECORD,
                SnapshotChain.objectPath(head),
                "says that 6 rows are visible, its files and masks show 5");
    }

    @Test
    void aMarkOfCleaningThatFallsIsNamed() throws IOException {
        forged.forge(head - 1, s -> ForgedTable.with(s, new Cleaned(1, 1)));
        assertFoundInRecord(
                head,
                FindingKind.WRONG_RECORD,
                "may have been cleaned away, before its parent Cleaned[changedBefore=1, baseBelow=1]");
        forged.forge(head, s -> ForgedTable.with(s, new Cleaned(1, 2)));
        assertSound(t);
    }

    @Test
    void aWrongDigestIsNamed() throws IOException {
        forged.forge(head, s -> ForgedTable.plus(s, 0, 77));
        assertFoundInRecord(head, FindingKind.WRONG_RECORD, "the digest of its keys");
    }

    @Test
    void aWrongCountInTheMiddleIsNamed() throws IOException {
        long middle = head - 1;
        forged.forge(middle, s -> ForgedTable.plus(s, 3));
        assertFoundInRecord(middle, FindingKind.CHANGELOG, "its changes make 4 rows");
    }

    /** The mask of the row that was replaced is gone. */
    @Test
    void aKeyThatIsVisibleTwiceIsNamed() throws IOException {
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

    @Test
    void aMaskBeyondTheRowsOfItsFileIsNamed() throws IOException {
        DataFile file = forged.snapshot(head).tree().tail().entries().get(0).file();
        MaskSegment beyond =
                new MaskSegment(head, head, List.of(new FileMask(file.object().id(), new int[] {file.rowCount()})));
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

    /** A row that was deleted is there again, in the totals too; but no commit has brought it. */
    @Test
    void aChangelogThatDoesNotFoldIsNamed() throws IOException {
        forged.forge(
                head,
                s -> ForgedTable.plus(
                        ForgedTable.withSegments(s, s.tree().segments().subList(0, 1)), 1, 5));
        assertTrue(verify(t, VerifyScope.of(head)).isSound(), "by itself the snapshot is right");
        assertFoundInRecord(head, FindingKind.CHANGELOG, "its changes make 5 rows");
    }

    /** A row is exchanged for another of the same key: counts and keys are the same, values are not. */
    @Test
    void aRowThatChangesWithoutACommitIsNamed() throws IOException {
        try (TestTable other = new TestTable(TestTable.orders(1), 5, 1)) {
            other.commit(row(other, 1), row(other, 2));
            other.commit(other.upsert("other", 1L, null, null, null));
            other.commit(row(other, 3));
            other.commit(row(other, 4));
            ForgedTable forgedOther = new ForgedTable(other);
            long wrong = forgedOther.head() - 1;
            Snapshot now = forgedOther.snapshot(wrong);
            FileEntry older = now.tree().tail().entries().get(0);
            FileEntry newer = now.tree().tail().entries().get(1);
            MaskSegment swapped = new MaskSegment(
                    wrong - 1,
                    wrong - 1,
                    List.of(new FileMask(newer.file().object().id(), new int[] {0})));
            SegmentRef ref =
                    new SegmentRef(wrong - 1, wrong - 1, 1, 1, new BlockRef.Inline(MaskSegmentCodec.write(swapped)));
            assertEquals(2, older.file().rowCount());
            forgedOther.forge(wrong, s -> ForgedTable.withSegments(s, List.of(ref)));
            forgedOther.forge(wrong + 1, s -> ForgedTable.withSegments(s, List.of(ref)));
            assertFound(
                    other,
                    VerifyScope.ALL,
                    FindingKind.CHANGELOG,
                    SnapshotChain.objectPath(wrong),
                    "do not make its rows of those of the snapshot before");
        }
    }

    @Test
    void aSliceOfAnotherBucketIsNamed() throws IOException {
        String path = last().object().path();
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

    @Test
    void statisticsThatAreNotThoseOfTheValuesAreFoundDeeply() throws IOException {
        String path = last().object().path();
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

    private DataFile last() throws IOException {
        List<FileEntry> tail = forged.snapshot(head).tree().tail().entries();
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
}
