package io.streamhouse.compact;

import io.streamhouse.lake.DeltaWriter;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.type.TableSchema;

/**
 * Bounds of one compactor.
 *
 * @param targetFileBytes size at which an output goes on in another file; the table's {@code target-file-size}
 * @param ownSliceBytes a slice above this gets files of its own
 * @param maxTaskBytes bytes of input of one task
 * @param publishTries lost races before a finished task yields
 */
public record CompactionSettings(long targetFileBytes, long ownSliceBytes, long maxTaskBytes, int publishTries) {
    /** A bucket has files of its own from here on (lake-store design, section 4). */
    private static final long OWN_SLICE_BYTES = 32L << 20;

    /** Two tasks of this size on two cores take about a minute; a larger one would hold its input's memory longer. */
    private static final long MAX_TASK_BYTES = 512L << 20;

    /** Files below this cost a scan about the same: opening them. */
    private static final long SMALL_FILE_BYTES = 256L << 10;

    /** Writers give a slice above this a file of its own. */
    private static final long OWN_FILE_BYTES = DeltaWriter.OWN_FILE_BYTES;

    private static final int PUBLISH_TRIES = 10;

    public CompactionSettings {
        if (targetFileBytes < 1 || ownSliceBytes < 1 || maxTaskBytes < 1 || publishTries < 1) {
            throw new IllegalArgumentException("bounds %d, %d, %d, %d are not all positive"
                    .formatted(targetFileBytes, ownSliceBytes, maxTaskBytes, publishTries));
        }
    }

    CompactionTargets targets() {
        return new CompactionTargets(SMALL_FILE_BYTES, OWN_FILE_BYTES, targetFileBytes, maxTaskBytes);
    }

    /** What fits a table's options. */
    public static CompactionSettings of(TableSchema schema) {
        long target = TableOptions.parse(schema.options()).targetFileSize().bytes();
        return new CompactionSettings(target, OWN_SLICE_BYTES, Math.max(MAX_TASK_BYTES, 2 * target), PUBLISH_TRIES);
    }
}
