package io.streamhouse.read;

import io.streamhouse.read.filter.ReadRequest;
import java.util.List;
import java.util.Objects;

/**
 * What a scan will read.
 *
 * @param snapshotId the snapshot, 0 for a table without one
 * @param request columns and filter, bound to the planned schema
 * @param splits in the order of a sequential scan: files as they came, rows ascending
 * @param skipped what statistics, partitions, keys and buckets ruled out
 */
public record ScanPlan(long snapshotId, ReadRequest request, List<ScanSplit> splits, Skipped skipped) {
    public ScanPlan {
        Objects.requireNonNull(request, "request");
        splits = List.copyOf(splits);
        Objects.requireNonNull(skipped, "skipped");
    }

    /** Visible rows of all splits, before the filter. */
    public long rowCount() {
        return splits.stream().mapToLong(ScanSplit::rowCount).sum();
    }

    /**
     * What a plan leaves out without opening it.
     *
     * @param files files of which nothing is read
     * @param slices slices of which nothing is read, those of skipped files included
     * @param rowGroups row groups of which nothing is read in files of which something is
     */
    public record Skipped(long files, long slices, long rowGroups) {
        static final Skipped NOTHING = new Skipped(0, 0, 0);
    }
}
