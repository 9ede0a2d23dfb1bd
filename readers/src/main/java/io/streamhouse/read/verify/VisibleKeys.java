package io.streamhouse.read.verify;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.BucketId;
import io.streamhouse.lake.KeyReader;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * Rows, keys and their digest at one snapshot, from key columns and masks: the slices of one bucket are merged by key, so
 * equal keys meet. In memory are the keys of the rows of one bucket, and {@link #CACHE_BYTES}. One thread.
 */
final class VisibleKeys {
    /** Keys of small files that hold many buckets, so that they are not read again for each. */
    static final long CACHE_BYTES = 64L << 20;

    private static final int MOST_TWINS = 10;

    private final Table table;
    private final Findings findings;
    private final KeyReader reader;
    private int twins;
    private long mostKeyBytes;

    VisibleKeys(Table table, Findings findings, long cacheBytes) {
        this.table = table;
        this.findings = findings;
        this.reader = table.schema().layout().hasKey()
                ? new KeyReader(table.components().store(), table.schema(), table::schema, cacheBytes)
                : null;
    }

    /** Compares a snapshot's totals with its data; returns the visible rows. */
    long check(Snapshot snapshot, LakeView view) throws IOException {
        long rows = 0;
        KeyDigest digest = KeyDigest.ZERO;
        if (reader == null) {
            for (FileEntry entry : view.files()) {
                RoaringBitmap mask = view.mask(entry.file().object().id());
                rows += entry.file().rowCount() - (mask == null ? 0 : mask.getCardinality());
            }
        } else {
            TreeSet<BucketId> buckets = new TreeSet<>(view.buckets());
            for (BucketId bucket : buckets) {
                Merge merge = new Merge(snapshot.id(), view, bucket);
                merge.run();
                rows += merge.rows;
                digest = digest.plus(merge.digest.digest());
            }
        }
        Snapshot.Totals said = snapshot.totals();
        if (rows != said.rowCount()) {
            wrong(
                    snapshot,
                    "it says that %d rows are visible, its files and masks show %d".formatted(said.rowCount(), rows));
        }
        if (!digest.equals(said.digest())) {
            wrong(
                    snapshot,
                    "it says that the digest of its keys is %s, its files and masks show %s"
                            .formatted(said.digest(), digest));
        }
        return rows;
    }

    /** Most bytes of keys that were held at once, beside the cache. */
    long mostKeyBytes() {
        return mostKeyBytes;
    }

    private void wrong(Snapshot snapshot, String problem) {
        findings.add(FindingKind.WRONG_RECORD, SnapshotChain.objectPath(snapshot.id()), snapshot.id(), problem);
    }

    /** The slices of one bucket by key: a heap of cursors on primitive arrays. */
    private final class Merge {
        private final long snapshot;
        private final List<LakeView.SliceRef> slices;
        /** Of the rows of each slice. */
        private final KeyColumn[] keys;

        private final RoaringBitmap[] masks;
        /** The next visible row of each slice, as a position in its file. */
        private final int[] at;

        private final int[] heap;
        private int size;
        private long rows;
        private final KeyDigestSum digest = new KeyDigestSum();

        Merge(long snapshot, LakeView view, BucketId bucket) throws IOException {
            this.snapshot = snapshot;
            this.slices = new ArrayList<>(view.slices(bucket));
            int n = slices.size();
            this.keys = new KeyColumn[n];
            this.masks = new RoaringBitmap[n];
            this.at = new int[n];
            this.heap = new int[n];
            long keyBytes = 0;
            for (int s = 0; s < n; s++) {
                DataFile file = slices.get(s).file().file();
                Slice slice = slices.get(s).slice();
                keys[s] = reader.keys(file, slice.firstRow(), slice.endRow());
                keyBytes += keys[s].sizeBytes();
                masks[s] = view.mask(file.object().id());
                at[s] = visible(s, slice.firstRow());
                if (at[s] < slice.endRow()) {
                    heap[size++] = s;
                }
            }
            mostKeyBytes = Math.max(mostKeyBytes, keyBytes);
            for (int i = size / 2 - 1; i >= 0; i--) {
                sink(i);
            }
        }

        /** The first visible row from here on, or behind the slice. */
        private int visible(int s, int from) {
            int end = slices.get(s).slice().endRow();
            if (masks[s] == null || from >= end) {
                return from;
            }
            long next = masks[s].nextAbsentValue(from);
            return (int) Math.min(next, end);
        }

        private int key(int s, int row) {
            return row - slices.get(s).slice().firstRow();
        }

        private int compare(int s, int t) {
            return keys[s].compare(key(s, at[s]), keys[t], key(t, at[t]));
        }

        private void sink(int from) {
            int i = from;
            int moving = heap[i];
            while (2 * i + 1 < size) {
                int child = 2 * i + 1;
                if (child + 1 < size && compare(heap[child + 1], heap[child]) < 0) {
                    child++;
                }
                if (compare(moving, heap[child]) <= 0) {
                    break;
                }
                heap[i] = heap[child];
                i = child;
            }
            heap[i] = moving;
        }

        void run() {
            int last = -1;
            int lastRow = -1;
            while (size > 0) {
                int s = heap[0];
                keys[s].addTo(digest, key(s, at[s]));
                rows++;
                if (last >= 0 && keys[last].compare(key(last, lastRow), keys[s], key(s, at[s])) == 0) {
                    twin(last, lastRow, s);
                }
                last = s;
                lastRow = at[s];
                at[s] = visible(s, at[s] + 1);
                if (at[s] >= slices.get(s).slice().endRow()) {
                    heap[0] = heap[--size];
                }
                if (size > 0) {
                    sink(0);
                }
            }
        }

        private void twin(int last, int lastRow, int s) {
            if (twins++ >= MOST_TWINS) {
                return;
            }
            int index = key(s, at[s]);
            ColumnBatch key = ColumnBatch.of(reader.encoder().decode(keys[s].range(index, index + 1)));
            findings.add(
                    FindingKind.KEY_TWICE,
                    path(s),
                    snapshot,
                    "key %s is visible in row %d, and in row %d of %s"
                            .formatted(
                                    RowReader.row(
                                            key,
                                            table.schema()
                                                    .project(table.schema().keyIndexes()),
                                            0),
                                    at[s],
                                    lastRow,
                                    path(last)));
        }

        private String path(int s) {
            return slices.get(s).file().file().object().path();
        }
    }
}
