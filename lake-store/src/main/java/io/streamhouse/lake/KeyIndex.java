package io.streamhouse.lake;

import io.streamhouse.lake.LakeView.SliceRef;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * The key index of the buckets that one writer touches, loaded from key columns when first needed and moved forward with
 * the view. One thread.
 */
public final class KeyIndex {
    /** Files that have gone before it is worth going over all entries. */
    private static final int PRUNED_FILES = 64;

    private final KeyReader reader;
    private final LakeView view;
    private final Map<BucketId, BucketIndex> buckets = new HashMap<>();
    private final Map<UUID, Integer> ordinals = new HashMap<>();
    private final List<UUID> files = new ArrayList<>();
    private RoaringBitmap[] masks = new RoaringBitmap[16];
    private boolean[] live = new boolean[16];
    private long indexedSnapshot;

    /**
     * @param reader reads keys of files
     * @param view the writer's view, moved by the writer; {@link #follow()} after each move
     */
    public KeyIndex(KeyReader reader, LakeView view) {
        this.reader = reader;
        this.view = view;
    }

    /** Takes in what the view has gained since the last call, for the buckets loaded so far. */
    public void follow() throws IOException {
        if (view.snapshotId() == indexedSnapshot) {
            return;
        }
        refreshVisibility();
        prune();
        for (FileEntry entry : view.addedSince(indexedSnapshot)) {
            for (Slice slice : entry.file().slices()) {
                BucketIndex bucket = buckets.get(new BucketId(slice.partition(), slice.bucket()));
                if (bucket != null) {
                    bucket.add(run(entry, slice), this::visible);
                }
            }
        }
        indexedSnapshot = view.snapshotId();
    }

    /** Ordinal to file id until the next {@link #follow}; ordinals in found positions point here. */
    public List<UUID> files() {
        return files;
    }

    /**
     * Visible positions of ascending distinct keys {@code [from, to)} of one loaded bucket; see {@link BucketIndex#find}.
     */
    public void find(BucketId bucket, KeyColumn keys, int from, int to, int[] outFiles, int[] outPositions, int outAt) {
        BucketIndex index = buckets.get(bucket);
        if (index == null) {
            throw new IllegalStateException(bucket + " was not loaded");
        }
        index.find(keys, from, to, this::visible, outFiles, outPositions, outAt);
    }

    /** Loads the buckets that are not loaded yet, file by file: a file of many buckets is read once. */
    public void load(Collection<BucketId> wanted) throws IOException {
        Map<FileEntry, List<Slice>> byFile = new LinkedHashMap<>();
        for (BucketId bucket : wanted) {
            if (!buckets.containsKey(bucket)) {
                buckets.put(bucket, new BucketIndex());
                for (SliceRef ref : view.slices(bucket)) {
                    byFile.computeIfAbsent(ref.file(), f -> new ArrayList<>()).add(ref.slice());
                }
            }
        }
        List<FileEntry> inOrder = new ArrayList<>(byFile.keySet());
        inOrder.sort(Comparator.comparingLong(FileEntry::addedIn));
        try {
            for (FileEntry file : inOrder) {
                for (Slice slice : byFile.get(file)) {
                    buckets.get(new BucketId(slice.partition(), slice.bucket())).add(run(file, slice), this::visible);
                }
            }
        } catch (IOException | RuntimeException e) {
            // half loaded buckets would answer wrongly
            wanted.forEach(buckets::remove);
            throw e;
        }
    }

    private KeyRun run(FileEntry entry, Slice slice) throws IOException {
        KeyColumn keys = reader.keys(entry.file());
        int ordinal = ordinal(entry.file().object().id());
        RoaringBitmap mask = view.mask(entry.file().object().id());
        int[] positions = new int[slice.rowCount()];
        int n = 0;
        for (int row = slice.firstRow(); row < slice.endRow(); row++) {
            if (mask == null || !mask.contains(row)) {
                positions[n++] = row;
            }
        }
        int[] ordinalsOfRows = new int[n];
        java.util.Arrays.fill(ordinalsOfRows, ordinal);
        return new KeyRun(keys.gather(positions, 0, n), ordinalsOfRows, java.util.Arrays.copyOf(positions, n));
    }

    private int ordinal(UUID file) {
        Integer known = ordinals.get(file);
        if (known != null) {
            return known;
        }
        int ordinal = files.size();
        ordinals.put(file, ordinal);
        files.add(file);
        if (ordinal == masks.length) {
            masks = java.util.Arrays.copyOf(masks, ordinal * 2);
            live = java.util.Arrays.copyOf(live, ordinal * 2);
        }
        masks[ordinal] = view.mask(file);
        live[ordinal] = view.file(file) != null;
        return ordinal;
    }

    private void refreshVisibility() {
        for (int i = 0; i < files.size(); i++) {
            masks[i] = view.mask(files.get(i));
            live[i] = view.file(files.get(i)) != null;
        }
    }

    /** Compactions take files away: their ordinals and entries go once they are the greater part. */
    private void prune() {
        int standing = 0;
        int[] renumbered = new int[files.size()];
        for (int i = 0; i < renumbered.length; i++) {
            renumbered[i] = standing;
            standing += live[i] ? 1 : 0;
        }
        if (files.size() - standing < Math.max(PRUNED_FILES, standing)) {
            return;
        }
        buckets.values().forEach(bucket -> bucket.prune(renumbered, this::visible));
        List<UUID> old = List.copyOf(files);
        files.clear();
        ordinals.clear();
        for (int i = 0; i < old.size(); i++) {
            if (live[i]) {
                // at or before i, which has been read
                masks[files.size()] = masks[i];
                ordinals.put(old.get(i), files.size());
                files.add(old.get(i));
            }
        }
        java.util.Arrays.fill(live, 0, files.size(), true);
        java.util.Arrays.fill(masks, files.size(), masks.length, null);
    }

    /** Entries of all loaded buckets, stale ones too. */
    int entryCount() {
        return buckets.values().stream().mapToInt(BucketIndex::entryCount).sum();
    }

    private boolean visible(int file, int position) {
        return live[file] && (masks[file] == null || !masks[file].contains(position));
    }
}
