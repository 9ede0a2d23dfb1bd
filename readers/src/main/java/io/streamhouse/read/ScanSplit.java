package io.streamhouse.read;

import io.streamhouse.read.rows.FileRanges;
import java.util.Objects;
import java.util.UUID;

/**
 * What one reader of a scan reads: a file, or some row groups of it, without what is masked at the snapshot.
 *
 * @param snapshotId snapshot that the mask belongs to
 * @param rows the rows
 */
public record ScanSplit(long snapshotId, FileRanges rows) {
    public ScanSplit {
        Objects.requireNonNull(rows, "rows");
    }

    /** The file that is read. */
    public UUID fileId() {
        return rows.file().object().id();
    }

    /** Path of the file, relative to the table root. */
    public String path() {
        return rows.file().object().path();
    }

    /** Visible rows, before any filter. */
    public long rowCount() {
        return rows.visibleRows();
    }
}
