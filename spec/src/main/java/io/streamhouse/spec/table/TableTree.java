package io.streamhouse.spec.table;

import java.util.List;

/**
 * Files and masks of one snapshot, read out of manifests and segments.
 *
 * @param snapshotId the snapshot
 * @param since 0 for the whole tree; otherwise only entries with {@code addedIn > since} and segments that reach beyond
 *     {@code since} are here (masks only grow between the two)
 * @param entries live file entries
 * @param segments mask segments, ascending; one may reach back before {@code since}
 */
public record TableTree(long snapshotId, long since, List<FileEntry> entries, List<MaskSegment> segments) {
    public TableTree {
        entries = List.copyOf(entries);
        segments = List.copyOf(segments);
    }
}
