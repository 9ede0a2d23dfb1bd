package io.streamhouse.read;

import io.streamhouse.lake.LakeView;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.rows.FileRanges;
import io.streamhouse.read.rows.KnownRanges;
import io.streamhouse.read.rows.RowFiles;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Splits of one snapshot, from its tree alone: no data file is opened. One plan. */
final class ScanPlanner {
    /** The order in which files came, within a commit by row id: by writer. */
    static final Comparator<FileEntry> FILE_ORDER = Comparator.comparingLong(FileEntry::addedIn)
            .thenComparingLong(FileEntry::firstRowId)
            .thenComparing(e -> e.file().object().id());

    private final LakeView view;
    private final ReadRequest request;
    private final RowFiles.Schemas schemas;
    private final KnownRanges known;
    private final List<ScanSplit> splits = new ArrayList<>();
    private long skippedFiles;
    private long skippedSlices;
    private long skippedGroups;

    private ScanPlanner(LakeView view, ReadRequest request, RowFiles.Schemas schemas) {
        this.view = view;
        this.request = request;
        this.schemas = schemas;
        this.known = request.filter() == null ? null : new KnownRanges(request.schema(), request.filter());
    }

    static ScanPlan plan(LakeView view, ReadRequest request, RowFiles.Schemas schemas) throws IOException {
        ScanPlanner planner = new ScanPlanner(view, request, schemas);
        for (FileEntry entry : view.files().stream().sorted(FILE_ORDER).toList()) {
            planner.add(entry.file());
        }
        return new ScanPlan(
                view.snapshotId(),
                request,
                planner.splits,
                new ScanPlan.Skipped(planner.skippedFiles, planner.skippedSlices, planner.skippedGroups));
    }

    private void add(DataFile file) throws IOException {
        RoaringBitmap mask = view.mask(file.object().id());
        FileRanges rows = new FileRanges(file, bounds(file, mask), mask == null ? new RoaringBitmap() : mask);
        int before = splits.size();
        int start = 0;
        for (RowGroup group : file.rowGroups()) {
            int end = start + group.rowCount();
            addGroup(rows, start, end);
            start = end;
        }
        int added = splits.size() - before;
        skippedFiles += added == 0 ? 1 : 0;
        skippedGroups += added == 0 ? 0 : file.rowGroups().size() - added;
    }

    /** Neighbouring slices of which rows may match, joined. */
    private int[] bounds(DataFile file, RoaringBitmap mask) throws IOException {
        int[] out = new int[2 * file.slices().size()];
        int n = 0;
        List<Field> written = known == null
                ? List.of()
                : schemas.schema(file.origin().schemaId()).fields();
        boolean mayMatch = known == null || known.mayMatch(file, written);
        for (Slice slice : file.slices()) {
            boolean allMasked =
                    mask != null && mask.rangeCardinality(slice.firstRow(), slice.endRow()) == slice.rowCount();
            if (allMasked || !mayMatch || (known != null && !known.mayMatch(file, written, slice))) {
                skippedSlices++;
            } else if (n > 0 && out[n - 1] == slice.firstRow()) {
                out[n - 1] = slice.endRow();
            } else {
                out[n++] = slice.firstRow();
                out[n++] = slice.endRow();
            }
        }
        return Arrays.copyOf(out, n);
    }

    private void addGroup(FileRanges rows, int start, int end) {
        int[] bounds = new int[rows.bounds().length];
        int n = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            int from = Math.max(start, rows.bounds()[i]);
            int to = Math.min(end, rows.bounds()[i + 1]);
            if (from < to) {
                bounds[n++] = from;
                bounds[n++] = to;
            }
        }
        FileRanges part =
                new FileRanges(FileRanges.slim(rows.file(), false), Arrays.copyOf(bounds, n), rows.hidden()).trimmed();
        if (part.visibleRows() > 0) {
            splits.add(new ScanSplit(view.snapshotId(), part));
        }
    }
}
