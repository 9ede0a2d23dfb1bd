package io.streamhouse.compact;

import io.streamhouse.lake.BucketId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What the policy knows of a live file.
 *
 * @param id the file
 * @param bucket the only bucket it has rows of; absent if there are several
 * @param sizeBytes length of the object
 * @param rowCount rows stored
 * @param deadRows rows of them that are masked
 */
record FileFacts(UUID id, Optional<BucketId> bucket, long sizeBytes, long rowCount, long deadRows) {
    FileFacts {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(bucket, "bucket");
        if (deadRows < 0 || deadRows > rowCount) {
            throw new IllegalArgumentException("%d of %d rows of %s are dead".formatted(deadRows, rowCount, id));
        }
    }

    /** Share of the rows that are dead, 0 to 1. */
    double deadShare() {
        return rowCount == 0 ? 1 : deadRows / (double) rowCount;
    }
}
