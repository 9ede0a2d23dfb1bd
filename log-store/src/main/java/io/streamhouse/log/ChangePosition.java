package io.streamhouse.log;

import io.streamhouse.spec.option.ChangelogShape;
import java.util.Objects;
import java.util.Optional;

/**
 * The next row that a subscription would read; everything before it has been delivered.
 *
 * <p>Source rows are counted before projection, filter and the removal of equal rows, so a position holds under another
 * filter or projection too; it belongs to one {@link ChangelogShape}.
 *
 * @param phase whether {@code snapshotId} is read as a table or as a commit
 * @param snapshotId the snapshot, or the commit whose changes come next; it may not exist yet
 * @param split the split; absent: the first one of the snapshot
 * @param rowsConsumed source rows of the split already read
 */
public record ChangePosition(Phase phase, long snapshotId, Optional<ChangeSplitId> split, long rowsConsumed) {
    public ChangePosition {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(split, "split");
        if (snapshotId < 1 || rowsConsumed < 0 || (split.isEmpty() && rowsConsumed > 0)) {
            throw new IllegalArgumentException(
                    "position %s %d, split %s, %d rows consumed".formatted(phase, snapshotId, split, rowsConsumed));
        }
    }

    /** Before everything of a snapshot read as a table. */
    public static ChangePosition full(long snapshotId) {
        return new ChangePosition(Phase.FULL, snapshotId, Optional.empty(), 0);
    }

    /** Before the first change of a commit. */
    public static ChangePosition changes(long snapshotId) {
        return new ChangePosition(Phase.CHANGES, snapshotId, Optional.empty(), 0);
    }

    /** Inside or at the end of a split. */
    public static ChangePosition in(Phase phase, long snapshotId, ChangeSplitId split, long rowsConsumed) {
        return new ChangePosition(phase, snapshotId, Optional.of(split), rowsConsumed);
    }
}
