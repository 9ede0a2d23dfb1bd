package io.streamhouse.read;

import io.streamhouse.log.ChangeSplitId;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.log.Phase;
import io.streamhouse.read.rows.FilePositions;
import io.streamhouse.read.rows.FileRanges;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.option.ChangelogShape;
import java.util.List;
import java.util.Objects;

/**
 * What one subscriber reads in order: one bucket of a snapshot read as a table, or one bucket's part of a commit. Complete
 * in itself: no metadata is needed to read it.
 *
 * @param what which part of what, in which shape
 * @param after rows that the snapshot holds, or that the commit brought; one slice each
 * @param before rows that the commit took away; in shape {@code UPSERT} those of an OVERWRITE or a
 *     ROLLBACK only
 * @param deletes keys that the commit deleted, ascending and distinct; empty unless the shape is {@code UPSERT}
 */
public record ChangeSplit(What what, List<FileRanges> after, List<FilePositions> before, KeyColumn deletes) {
    public ChangeSplit {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(deletes, "deletes");
        after = List.copyOf(after);
        before = List.copyOf(before);
    }

    /**
     * Which part of what.
     *
     * @param phase snapshot read as a table, or commit
     * @param shape shape of the changes
     * @param commit the snapshot or commit
     * @param id the part
     * @param modulus number of buckets that the part's root bucket counts in
     */
    public record What(Phase phase, ChangelogShape shape, CommitStamp commit, ChangeSplitId id, int modulus) {}

    public Phase phase() {
        return what.phase();
    }

    public long snapshotId() {
        return what.commit().snapshotId();
    }

    public ChangeSplitId id() {
        return what.id();
    }

    /** The same in all splits of one bucket, whatever the commit: a subscriber that has one has them all. */
    public int rootBucket() {
        return what.id().rootBucket();
    }

    /** Rows in all, counted as {@link ChangeSplitReader#rowsConsumed} counts. */
    public long sourceRows() {
        long sum = deletes.size();
        for (FileRanges a : after) {
            sum += a.visibleRows();
        }
        for (FilePositions b : before) {
            sum += b.positions().length;
        }
        return sum;
    }
}
