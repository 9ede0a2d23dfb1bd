package io.streamhouse.write;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.KeyReader;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * Replaces whatever is visible in some partitions when it is published, by new rows or by nothing: INSERT OVERWRITE,
 * TRUNCATE, DROP PARTITION. New rows come from {@link TableWriter#forOverwrite}. One thread.
 *
 * @see "spec/commit.md, section Kinds, OVERWRITE"
 */
public final class Overwrite {
    private final Table table;
    private final SnapshotChain chain;
    private final KeyReader keyReader;
    private final Extent extent;
    private final boolean looksAgain;

    private Overwrite(Table table, Extent extent, boolean looksAgain) {
        this.table = table;
        this.chain = table.snapshots();
        this.keyReader = TableCommitter.keyReader(table);
        this.extent = extent;
        this.looksAgain = looksAgain;
    }

    /** An overwrite of some partitions; nothing happens before {@link #commit}. */
    public static Overwrite of(Table table, Extent extent) {
        return new Overwrite(table, extent, true);
    }

    /** One that replaces what it saw first, whatever has been committed since: for tests that show what looking again is worth. */
    public static Overwrite withoutLookingAgain(Table table, Extent extent) {
        return new Overwrite(table, extent, false);
    }

    /** The delta of a statement without new rows: TRUNCATE and DROP PARTITION. */
    public static CommitDelta withoutRows(Table table) {
        return CommitTimeline.fresh(CommitUser.fresh(), table.components().ids())
                .next(1, OptionalLong.empty(), List.of(), true);
    }

    /** Whether no row of the newest snapshot would go, were nothing written. */
    public boolean isEmpty() throws IOException {
        Optional<Snapshot> head = chain.latest();
        if (head.isEmpty()) {
            return true;
        }
        ReplacedPartitions replaced = ReplacedPartitions.of(table, extent, withoutRows(table));
        Removal removal = new Removal(LakeView.of(chain.tree(head.get())), replaced);
        return removal.rows == 0;
    }

    /**
     * Publishes the only delta of a statement exactly once, however often it is called with it: {@code Committed} or
     * {@code AlreadyCommitted}. On an {@link IOException} nothing is known; call again.
     *
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} if a column is none of the partition
     */
    public CommitOutcome commit(CommitDelta delta) throws IOException {
        if (!delta.identity().closesUser()) {
            throw new IllegalArgumentException(
                    "an overwrite is the only delta of its user '%s', which it does not close"
                            .formatted(delta.identity().user()));
        }
        ReplacedPartitions replaced = ReplacedPartitions.of(table, extent, delta);
        LakeView view = LakeView.empty();
        Optional<Snapshot> head = chain.latest();
        Removal removal = null;
        for (int conflicts = 0; ; conflicts++) {
            Optional<CommitOutcome> answer =
                    chain.verdict(head, delta.identity()).outcome(head);
            if (answer.isPresent()) {
                return answer.get();
            }
            try {
                if (head.isPresent()) {
                    view.advance(chain.treeSince(head.get(), view.snapshotId()));
                }
                if (isThere(delta, view)) {
                    return chain.alreadyCommitted(head);
                }
                if (removal == null || looksAgain) {
                    removal = removal(view, replaced, removal);
                }
            } catch (StreamhouseException e) {
                if (head.isEmpty()) {
                    throw e;
                }
                head = Optional.of(StaleHead.newer(chain, head.get(), e));
                continue;
            }
            CommitOutcome outcome = chain.publish(head, draft(delta, removal, conflicts));
            if (!(outcome instanceof CommitOutcome.HeadMoved moved)) {
                return outcome;
            }
            head = Optional.of(moved.head());
        }
    }

    /** An earlier attempt's commit that the commit map no longer knows. */
    private static boolean isThere(CommitDelta delta, LakeView view) {
        return files(delta).stream().anyMatch(f -> view.file(f.object().id()) != null);
    }

    private static List<DataFile> files(CommitDelta delta) {
        return delta.parts().stream()
                .flatMap(p -> p.files().stream())
                .filter(f -> f.rowCount() > 0)
                .toList();
    }

    /** What goes at the head, with a mark if that is not what went before. */
    private Removal removal(LakeView view, ReplacedPartitions replaced, Removal before) throws IOException {
        Removal removal = new Removal(view, replaced);
        if (before != null && removal.rows != before.rows) {
            table.components().marks().reached(Mark.OVERWRITTEN_MEANWHILE);
        }
        return removal;
    }

    private static SnapshotDraft draft(CommitDelta delta, Removal removal, int conflicts) {
        List<DataFile> files = files(delta);
        long inserted = 0;
        KeyDigest insertedKeys = KeyDigest.ZERO;
        for (DataFile file : files) {
            inserted += file.rowCount();
            for (Slice slice : file.slices()) {
                insertedKeys = insertedKeys.plus(slice.keys().digest());
            }
        }
        int schemaId =
                delta.parts().stream().mapToInt(TableDelta::schemaId).max().orElse(0);
        DeltaCounts counts = new DeltaCounts(inserted, 0, removal.rows, insertedKeys, removal.keys);
        return new SnapshotDraft(
                SnapshotKind.OVERWRITE,
                Optional.of(delta.identity()),
                schemaId,
                TableCommitter.oldestBase(delta),
                files,
                removal.files,
                removal.masks,
                new CommitChange(counts, List.of(), 0, conflicts, Optional.empty()),
                inserted - removal.rows,
                insertedKeys.minus(removal.keys),
                delta.watermark(),
                Map.of(),
                Optional.empty());
    }

    /** What goes at one head. */
    private final class Removal {
        final Set<UUID> files = new HashSet<>();
        final List<FileMask> masks = new ArrayList<>();
        long rows;
        KeyDigest keys = KeyDigest.ZERO;

        Removal(LakeView view, ReplacedPartitions replaced) throws IOException {
            for (FileEntry entry : view.files()) {
                add(entry.file(), view.mask(entry.file().object().id()), replaced);
            }
        }

        private void add(DataFile file, RoaringBitmap mask, ReplacedPartitions replaced) throws IOException {
            RoaringBitmap going = new RoaringBitmap();
            for (Slice slice : file.slices()) {
                if (replaced.test(slice.partition())) {
                    RoaringBitmap visible = RoaringBitmap.bitmapOfRange(slice.firstRow(), slice.endRow());
                    if (mask != null) {
                        visible.andNot(mask);
                    }
                    going.or(visible);
                    keys = keys.plus(digest(file, slice, visible));
                }
            }
            if (going.isEmpty()) {
                return;
            }
            rows += going.getLongCardinality();
            int masked = mask == null ? 0 : mask.getCardinality();
            if (going.getCardinality() + masked == file.rowCount()) {
                files.add(file.object().id());
            } else {
                masks.add(new FileMask(file.object().id(), going.toArray()));
            }
        }

        private KeyDigest digest(DataFile file, Slice slice, RoaringBitmap visible) throws IOException {
            if (keyReader == null || visible.getCardinality() == slice.rowCount()) {
                return slice.keys().digest();
            }
            KeyDigestSum sum = new KeyDigestSum();
            if (!visible.isEmpty()) {
                KeyColumn column = keyReader.keys(file);
                visible.forEach((int row) -> column.addTo(sum, row));
            }
            return sum.digest();
        }
    }
}
