package io.streamhouse.read;

import io.streamhouse.lake.LakeView;
import io.streamhouse.log.ChangeSplitId;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.log.Phase;
import io.streamhouse.read.rows.FilePositions;
import io.streamhouse.read.rows.FileRanges;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/** Sorts what a snapshot holds, or what a commit changed, by partition and root bucket. Used once. */
final class CommitSplits {
    private final Phase phase;
    private final ChangelogShape shape;
    private final CommitStamp commit;
    private final int modulus;
    private final int keyWords;
    private final Map<ChangeSplitId, Parts> parts = new TreeMap<>();

    private static final class Parts {
        final List<FileRanges> after = new ArrayList<>();
        final List<FilePositions> before = new ArrayList<>();
        final List<KeyColumn> deletes = new ArrayList<>();
    }

    /**
     * @param modulus the table's first number of buckets
     * @param keyWords longs per key, 0 for byte strings and in tables without key
     */
    CommitSplits(Phase phase, ChangelogShape shape, CommitStamp commit, int modulus, int keyWords) {
        this.phase = phase;
        this.shape = shape;
        this.commit = commit;
        this.modulus = modulus;
        this.keyWords = keyWords;
    }

    private Parts part(Slice slice) {
        return parts.computeIfAbsent(new ChangeSplitId(slice.partition(), slice.bucket() % modulus), id -> new Parts());
    }

    /** All visible rows of a view. */
    List<ChangeSplit> ofView(LakeView view) {
        for (FileEntry entry : inOrder(view)) {
            RoaringBitmap mask = view.mask(entry.file().object().id());
            addAfter(entry.file(), mask == null ? new RoaringBitmap() : mask, true);
        }
        return splits();
    }

    /**
     * What one appending commit changed.
     *
     * @param view at the commit's snapshot
     * @param segment positions that the commit masked, if any
     * @param deletes blocks of the commit; empty if nobody wants them
     */
    List<ChangeSplit> ofAppend(LakeView view, Optional<MaskSegment> segment, List<DeleteBlock> deletes) {
        Map<UUID, RoaringBitmap> maskedFromBirth = new TreeMap<>();
        for (FileMask mask : segment.map(MaskSegment::masks).orElse(List.of())) {
            FileEntry entry = view.file(mask.file());
            if (entry == null) {
                throw StreamhouseException.corrupt(
                        "snapshot " + commit.snapshotId(),
                        "it masks rows of file %s, which is not in it".formatted(mask.file()));
            }
            if (entry.bornIn() == commit.snapshotId()) {
                maskedFromBirth.put(mask.file(), RoaringBitmap.bitmapOf(mask.positions()));
            } else if (shape == ChangelogShape.FULL) {
                addBefore(entry.file(), mask.positions());
            }
        }
        List<FileEntry> born = view.addedSince(commit.snapshotId() - 1).stream()
                .filter(e -> e.bornIn() == commit.snapshotId())
                .sorted(ScanPlanner.FILE_ORDER)
                .toList();
        for (FileEntry entry : born) {
            addAfter(
                    entry.file(),
                    maskedFromBirth.getOrDefault(entry.file().object().id(), new RoaringBitmap()),
                    false);
        }
        deletes.forEach(this::addDeletes);
        return splits();
    }

    /**
     * What differs between the visible positions of two neighbouring snapshots.
     *
     * @param old view of the snapshot before the commit
     * @param now view of the commit's snapshot
     */
    List<ChangeSplit> ofDifference(LakeView old, LakeView now) {
        for (FileEntry entry : inOrder(old)) {
            RoaringBitmap gone = beyond(entry.file(), old, now);
            if (!gone.isEmpty()) {
                addBefore(entry.file(), gone.toArray());
            }
        }
        for (FileEntry entry : inOrder(now)) {
            RoaringBitmap came = beyond(entry.file(), now, old);
            if (!came.isEmpty()) {
                addAfter(entry.file(), came);
            }
        }
        return splits();
    }

    private static List<FileEntry> inOrder(LakeView view) {
        return view.files().stream().sorted(ScanPlanner.FILE_ORDER).toList();
    }

    /** Positions of a file that one view shows and the other does not. */
    private static RoaringBitmap beyond(DataFile file, LakeView view, LakeView other) {
        UUID id = file.object().id();
        RoaringBitmap shown;
        if (other.file(id) == null) {
            shown = RoaringBitmap.bitmapOfRange(0, file.rowCount());
        } else {
            shown = other.mask(id) == null
                    ? new RoaringBitmap()
                    : other.mask(id).clone();
        }
        if (view.mask(id) != null) {
            shown.andNot(view.mask(id));
        }
        return shown;
    }

    /** Single rows of a file; what lies before the first and behind the last of a slice is not read. */
    private void addAfter(DataFile file, RoaringBitmap rows) {
        DataFile slim = FileRanges.slim(file, false);
        for (Slice slice : file.slices()) {
            long first = rows.nextValue(slice.firstRow());
            if (first < 0 || first >= slice.endRow()) {
                continue;
            }
            int from = (int) first;
            int end = (int) rows.previousValue(slice.endRow() - 1) + 1;
            RoaringBitmap hidden = RoaringBitmap.bitmapOfRange(from, end);
            hidden.andNot(rows);
            part(slice).after.add(FileRanges.of(slim, from, end, hidden));
        }
    }

    private void addAfter(DataFile file, RoaringBitmap hidden, boolean keepStats) {
        DataFile slim = FileRanges.slim(file, keepStats);
        for (Slice slice : file.slices()) {
            FileRanges rows = FileRanges.of(slim, slice.firstRow(), slice.endRow(), hidden);
            if (rows.visibleRows() > 0) {
                // the view's mask grows with the commits that follow, a split's stays as it is
                part(slice).after.add(rows.trimmed());
            }
        }
    }

    private void addBefore(DataFile file, int[] positions) {
        DataFile slim = FileRanges.slim(file, false);
        int from = 0;
        for (Slice slice : file.slices()) {
            int found = Arrays.binarySearch(positions, from, positions.length, slice.endRow());
            int to = found >= 0 ? found : -found - 1;
            if (to > from) {
                part(slice).before.add(new FilePositions(slim, Arrays.copyOfRange(positions, from, to)));
            }
            from = to;
        }
        if (from < positions.length) {
            throw StreamhouseException.corrupt(
                    "snapshot " + commit.snapshotId(),
                    "it masks position %d of %s, which has %d rows"
                            .formatted(positions[from], file.object().path(), file.rowCount()));
        }
    }

    private void addDeletes(DeleteBlock block) {
        for (DeleteBlock.Group g : block.groups()) {
            ChangeSplitId id = new ChangeSplitId(g.partition(), g.bucket() % modulus);
            parts.computeIfAbsent(id, i -> new Parts())
                    .deletes
                    .add(block.keys().range(g.first(), g.first() + g.count()));
        }
    }

    private List<ChangeSplit> splits() {
        List<ChangeSplit> out = new ArrayList<>();
        parts.forEach((id, p) -> out.add(new ChangeSplit(
                new ChangeSplit.What(phase, shape, commit, id, modulus), p.after, p.before, merged(p.deletes))));
        return out;
    }

    /** One ascending column of distinct keys; several groups come from several writers, or from several moduli. */
    private KeyColumn merged(List<KeyColumn> groups) {
        if (groups.isEmpty()) {
            return KeyColumn.empty(keyWords);
        }
        KeyColumn out = groups.get(0);
        for (KeyColumn other : groups.subList(1, groups.size())) {
            out = SortedKeys.union(out, other);
        }
        return out;
    }
}
