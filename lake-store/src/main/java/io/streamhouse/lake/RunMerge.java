package io.streamhouse.lake;

import io.streamhouse.lake.KeyReader.KeyAppender;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Joins the sorted runs of one flush into one: the last run that says something about a key wins, a delete included; in
 * a table without key runs follow each other. One thread.
 */
final class RunMerge {
    private final List<SortedChanges> runs;
    private final boolean keyed;
    private int[] rowRuns = new int[1024];
    private int[] rowPositions = new int[1024];
    private int rowCount;
    private final KeyAppender rowKeys;
    private final KeyAppender deleteKeys;
    private int deleteCount;
    private final List<SortedChanges.Group> groups = new ArrayList<>();

    private RunMerge(List<SortedChanges> runs) {
        this.runs = runs;
        this.keyed = runs.get(0).rowKeys() != null;
        this.rowKeys = keyed ? new KeyAppender(runs.get(0).rowKeys().words(), 1024) : null;
        this.deleteKeys = keyed ? new KeyAppender(runs.get(0).rowKeys().words(), 1024) : null;
    }

    /** Joins runs, oldest first; the result owns their row sources. */
    static SortedChanges merge(List<SortedChanges> runs) {
        if (runs.size() == 1) {
            return runs.get(0);
        }
        RunMerge merge = new RunMerge(runs);
        merge.run();
        MergedRows rows = new MergedRows(
                runs.stream().map(SortedChanges::rows).toList(),
                Arrays.copyOf(merge.rowRuns, merge.rowCount),
                Arrays.copyOf(merge.rowPositions, merge.rowCount));
        return new SortedChanges(
                rows,
                merge.keyed ? merge.rowKeys.build() : null,
                merge.keyed ? merge.deleteKeys.build() : null,
                merge.groups);
    }

    private void run() {
        TreeMap<BucketId, SortedChanges.Group[]> byBucket = new TreeMap<>();
        for (int r = 0; r < runs.size(); r++) {
            for (SortedChanges.Group g : runs.get(r).groups()) {
                byBucket.computeIfAbsent(g.id(), b -> new SortedChanges.Group[runs.size()])[r] = g;
            }
        }
        byBucket.forEach((id, parts) -> {
            int firstRow = rowCount;
            int firstDelete = deleteCount;
            if (keyed) {
                mergeKeyed(parts);
            } else {
                concatenate(parts);
            }
            groups.add(
                    new SortedChanges.Group(id, firstRow, rowCount - firstRow, firstDelete, deleteCount - firstDelete));
        });
    }

    private void concatenate(SortedChanges.Group[] parts) {
        for (int r = 0; r < parts.length; r++) {
            for (int i = 0; parts[r] != null && i < parts[r].rowCount(); i++) {
                addRow(r, parts[r].firstRow() + i);
            }
        }
    }

    /** Cursors 2r over the rows and 2r + 1 over the deletes of run r; a handful of runs, so a linear minimum. */
    private void mergeKeyed(SortedChanges.Group[] parts) {
        int n = parts.length * 2;
        int[] at = new int[n];
        int[] end = new int[n];
        KeyColumn[] keys = new KeyColumn[n];
        for (int r = 0; r < parts.length; r++) {
            keys[2 * r] = runs.get(r).rowKeys();
            keys[2 * r + 1] = runs.get(r).deleteKeys();
            if (parts[r] != null) {
                at[2 * r] = parts[r].firstRow();
                end[2 * r] = parts[r].firstRow() + parts[r].rowCount();
                at[2 * r + 1] = parts[r].firstDelete();
                end[2 * r + 1] = parts[r].firstDelete() + parts[r].deleteCount();
            }
        }
        while (true) {
            int best = -1;
            for (int c = 0; c < n; c++) {
                // of equal keys the cursor of the later run wins
                if (at[c] < end[c] && (best < 0 || keys[c].compare(at[c], keys[best], at[best]) <= 0)) {
                    best = c;
                }
            }
            if (best < 0) {
                return;
            }
            int position = at[best];
            if ((best & 1) == 0) {
                rowKeys.append(keys[best], position, position + 1);
                addRow(best >> 1, position);
            } else {
                deleteKeys.append(keys[best], position, position + 1);
                deleteCount++;
            }
            for (int c = 0; c < n; c++) {
                if (c != best && at[c] < end[c] && keys[c].compare(at[c], keys[best], position) == 0) {
                    at[c]++;
                }
            }
            at[best]++;
        }
    }

    private void addRow(int run, int position) {
        if (rowCount == rowRuns.length) {
            rowRuns = Arrays.copyOf(rowRuns, rowCount * 2);
            rowPositions = Arrays.copyOf(rowPositions, rowCount * 2);
        }
        rowRuns[rowCount] = run;
        rowPositions[rowCount++] = position;
    }

    /** Rows interleaved from several runs; inside a batch each run is read once, in its own order. */
    private record MergedRows(List<RowSource> runs, int[] rowRuns, int[] rowPositions) implements RowSource {
        @Override
        public int rowCount() {
            return rowRuns.length;
        }

        @Override
        public double bytesPerRow() {
            return runs.stream().mapToDouble(RowSource::bytesPerRow).max().orElse(0);
        }

        @Override
        public ColumnBatch rows(int from, int to) throws IOException {
            ColumnBatch[] parts = new ColumnBatch[runs.size()];
            int[] next = new int[runs.size()];
            for (int r = 0; r < parts.length; r++) {
                parts[r] = part(r, from, to);
            }
            ColumnBatch any =
                    Arrays.stream(parts).filter(p -> p != null).findFirst().orElseThrow();
            ColumnBuilder[] out = any.columns().stream()
                    .map(c -> ColumnBuilder.of(c.physical()))
                    .toArray(ColumnBuilder[]::new);
            for (int i = from; i < to; i++) {
                int r = rowRuns[i];
                for (int c = 0; c < out.length; c++) {
                    out[c].append(parts[r].column(c), next[r]);
                }
                next[r]++;
            }
            return ColumnBatch.of(
                    Arrays.stream(out).<ColumnVector>map(ColumnBuilder::build).toList());
        }

        private ColumnBatch part(int run, int from, int to) throws IOException {
            int[] positions = new int[to - from];
            int n = 0;
            for (int i = from; i < to; i++) {
                if (rowRuns[i] == run) {
                    positions[n++] = rowPositions[i];
                }
            }
            if (n == 0) {
                return null;
            }
            return runs.get(run).rows(Arrays.copyOf(positions, n));
        }

        @Override
        public ColumnBatch rows(int[] places) {
            throw new UnsupportedOperationException("merged rows are read in order and never merged again");
        }

        @Override
        public void close() throws IOException {
            IOException failure = null;
            for (RowSource run : runs) {
                try {
                    run.close();
                } catch (IOException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
