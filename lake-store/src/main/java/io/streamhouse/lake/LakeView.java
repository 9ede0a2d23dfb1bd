package io.streamhouse.lake;

import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.TableTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * The tree of one snapshot in memory: live files, their slices by bucket, their masks. Moves forward with the table. One
 * thread.
 */
public final class LakeView {
    private final Map<UUID, FileEntry> files = new HashMap<>();
    private final Map<UUID, RoaringBitmap> masks = new HashMap<>();
    private final Map<BucketId, List<SliceRef>> buckets = new HashMap<>();
    private final NavigableMap<Long, List<FileEntry>> byAddedIn = new TreeMap<>();
    private long snapshotId;

    private LakeView() {}

    /**
     * One slice of a live file.
     *
     * @param file its file
     * @param slice the slice
     */
    public record SliceRef(FileEntry file, Slice slice) {}

    /** The view of a table without snapshots. */
    public static LakeView empty() {
        return new LakeView();
    }

    /** The view of a whole tree. */
    public static LakeView of(TableTree tree) {
        LakeView view = new LakeView();
        view.advance(tree);
        return view;
    }

    /**
     * Moves to the tree's snapshot. A tree with {@code since = 0} replaces everything; any other must begin at or before
     * the snapshot of this view.
     */
    public void advance(TableTree tree) {
        if (tree.since() == 0) {
            files.clear();
            masks.clear();
            buckets.clear();
            byAddedIn.clear();
        } else if (tree.since() > snapshotId) {
            throw new IllegalArgumentException(
                    "a tree since %d cannot move a view of snapshot %d".formatted(tree.since(), snapshotId));
        }
        for (FileEntry entry : tree.entries()) {
            add(entry);
        }
        for (MaskSegment segment : tree.segments()) {
            for (FileMask mask : segment.masks()) {
                if (files.containsKey(mask.file())) {
                    masks.computeIfAbsent(mask.file(), f -> new RoaringBitmap()).add(mask.positions());
                }
            }
        }
        snapshotId = tree.snapshotId();
    }

    private void add(FileEntry entry) {
        UUID id = entry.file().object().id();
        // a renewed entry comes with a whole tree only, so a known file stands as it stood
        if (files.putIfAbsent(id, entry) != null) {
            return;
        }
        byAddedIn.computeIfAbsent(entry.addedIn(), a -> new ArrayList<>()).add(entry);
        for (Slice slice : entry.file().slices()) {
            buckets.computeIfAbsent(new BucketId(slice.partition(), slice.bucket()), b -> new ArrayList<>())
                    .add(new SliceRef(entry, slice));
        }
    }

    /** The snapshot of this view, 0 for an empty table. */
    public long snapshotId() {
        return snapshotId;
    }

    /** All live files. */
    public Collection<FileEntry> files() {
        return Collections.unmodifiableCollection(files.values());
    }

    /** A live file, or null. */
    public FileEntry file(UUID id) {
        return files.get(id);
    }

    /** Live files with {@code addedIn > since}. */
    public List<FileEntry> addedSince(long since) {
        List<FileEntry> out = new ArrayList<>();
        byAddedIn.tailMap(since, false).values().forEach(out::addAll);
        return out;
    }

    /** Buckets that have a live slice. */
    public Set<BucketId> buckets() {
        return Collections.unmodifiableSet(buckets.keySet());
    }

    /** Live slices of a bucket, in the order they came. */
    public List<SliceRef> slices(BucketId bucket) {
        return Collections.unmodifiableList(buckets.getOrDefault(bucket, List.of()));
    }

    /** Masked positions of a file, or null if there are none; not to be written. */
    public RoaringBitmap mask(UUID file) {
        return masks.get(file);
    }

    /** Whether the file is live and the position not masked. */
    public boolean isVisible(UUID file, int position) {
        if (!files.containsKey(file)) {
            return false;
        }
        RoaringBitmap mask = masks.get(file);
        return mask == null || !mask.contains(position);
    }
}
