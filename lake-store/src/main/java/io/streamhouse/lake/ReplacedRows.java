package io.streamhouse.lake;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the buffered rows of a table without key replace, by position, and which positions go without a row in their
 * place; both in the order in which they came. One thread.
 */
public final class ReplacedRows {
    private final List<UUID> files = new ArrayList<>();
    private final Map<UUID, Integer> ordinals = new HashMap<>();
    private final Positions replaced = new Positions();
    private final Positions removed = new Positions();
    private UUID lastFile;
    private int lastOrdinal;

    /** The next row takes the place of one. */
    public void replace(UUID file, int position) {
        replaced.add(ordinal(file), position);
    }

    /** A row goes. */
    public void remove(UUID file, int position) {
        removed.add(ordinal(file), position);
    }

    public boolean isEmpty() {
        return replaced.count + removed.count == 0;
    }

    public void clear() {
        files.clear();
        ordinals.clear();
        replaced.count = 0;
        removed.count = 0;
        lastFile = null;
    }

    private int ordinal(UUID file) {
        if (!file.equals(lastFile)) {
            lastFile = file;
            lastOrdinal = ordinals.computeIfAbsent(file, f -> {
                files.add(f);
                return files.size() - 1;
            });
        }
        return lastOrdinal;
    }

    int removedCount() {
        return removed.count;
    }

    /**
     * Found positions of the rows in file order, then those that go.
     *
     * @param plan groups by file, as they are written
     * @param groups all groups of the changes
     * @param base the snapshot that the positions are of
     * @param byBucket whether rows are in the bucket that their old version is in; otherwise all are in the writer's
     * @throws StreamhouseException {@code BAD_KEY} if rows left the partition or bucket of what they replace
     */
    FoundPositions found(
            List<List<SortedChanges.Group>> plan, List<SortedChanges.Group> groups, LakeView base, boolean byBucket) {
        int[] arrival = arrival(groups, base, byBucket);
        int[] outOrdinals = new int[replaced.count + removed.count];
        int[] outPositions = new int[outOrdinals.length];
        int n = 0;
        for (List<SortedChanges.Group> file : plan) {
            for (SortedChanges.Group g : file) {
                for (int i = g.firstRow(); i < g.firstRow() + g.rowCount(); i++) {
                    outOrdinals[n] = replaced.ordinals[arrival[i]];
                    outPositions[n++] = replaced.positions[arrival[i]];
                }
            }
        }
        System.arraycopy(removed.ordinals, 0, outOrdinals, n, removed.count);
        System.arraycopy(removed.positions, 0, outPositions, n, removed.count);
        return new FoundPositions(files, outOrdinals, outPositions);
    }

    /** Per row in output order the number of its arrival: rows of a group keep their order. */
    private int[] arrival(List<SortedChanges.Group> groups, LakeView base, boolean byBucket) {
        Map<BucketId, SortedChanges.Group> byId = new HashMap<>();
        TreeMap<BucketId, Integer> next = new TreeMap<>();
        int rows = 0;
        for (SortedChanges.Group g : groups) {
            BucketId id = byBucket ? g.id() : new BucketId(g.id().partition(), 0);
            byId.put(id, g);
            next.put(id, g.firstRow());
            rows += g.rowCount();
        }
        int[] out = new int[replaced.count];
        boolean fits = rows == replaced.count;
        for (int i = 0; i < replaced.count && fits; i++) {
            Slice slice = slice(base, files.get(replaced.ordinals[i]), replaced.positions[i]);
            BucketId id = new BucketId(slice.partition(), byBucket ? slice.bucket() : 0);
            SortedChanges.Group group = byId.get(id);
            fits = group != null && next.get(id) < group.firstRow() + group.rowCount();
            if (fits) {
                out[next.merge(id, 1, Integer::sum) - 1] = i;
            }
        }
        if (!fits) {
            throw new StreamhouseException(
                    ErrorCode.BAD_KEY,
                    "%d rows of snapshot %d are replaced by %d rows, some in other partitions or buckets; partition and bucket columns cannot be set"
                            .formatted(replaced.count, base.snapshotId(), rows));
        }
        return out;
    }

    private static Slice slice(LakeView base, UUID id, int position) {
        FileEntry entry = base.file(id);
        if (entry == null) {
            throw new IllegalArgumentException("file %s is not in snapshot %d".formatted(id, base.snapshotId()));
        }
        DataFile file = entry.file();
        int lo = 0;
        int hi = file.slices().size() - 1;
        while (lo < hi) {
            int mid = (lo + hi) >>> 1;
            if (file.slices().get(mid).endRow() <= position) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        Slice slice = file.slices().get(lo);
        if (position < slice.firstRow() || position >= slice.endRow()) {
            throw new IllegalArgumentException(
                    "position %d is not in %s".formatted(position, file.object().path()));
        }
        return slice;
    }

    /** A growing list of positions. */
    private static final class Positions {
        int[] ordinals = new int[256];
        int[] positions = new int[256];
        int count;

        void add(int ordinal, int position) {
            if (count == ordinals.length) {
                ordinals = Arrays.copyOf(ordinals, count * 2);
                positions = Arrays.copyOf(positions, count * 2);
            }
            ordinals[count] = ordinal;
            positions[count++] = position;
        }
    }
}
