package io.streamhouse.spec.option;

import io.streamhouse.spec.table.FileFormat;
import java.util.List;
import java.util.Map;

/**
 * Options of a table. Keys: {@code bucket}, {@code bucket-key}, {@code file.format}, {@code merge-engine}, {@code
 * write-buffer-size}, {@code target-file-size}, {@code compaction.debt-limit}, {@code snapshot.*}.
 *
 * @param buckets buckets per partition, as given when the table was created (the schema's layout decides afterwards)
 * @param bucketKey columns that choose the bucket, empty for the default
 * @param fileFormat format of new data files
 * @param mergeEngine how rows of one key become one
 * @param writeBufferSize memory of one writer
 * @param targetFileSize size at which a writer begins another file
 * @param compactionDebtLimit bytes that compaction may be behind before writers slow down
 * @param retention which snapshots are kept
 */
public record TableOptions(
        int buckets,
        List<String> bucketKey,
        FileFormat fileFormat,
        MergeEngine mergeEngine,
        DataSize writeBufferSize,
        DataSize targetFileSize,
        DataSize compactionDebtLimit,
        SnapshotRetention retention) {
    public static final TableOptions DEFAULTS = parse(Map.of());

    public TableOptions {
        bucketKey = List.copyOf(bucketKey);
    }

    /** Parses the options of this scope; those of others are ignored. Errors as {@link Options#check}. */
    public static TableOptions parse(Map<String, String> options) {
        return new TableOptions(
                Options.value(Options.BUCKET, options),
                Options.BUCKET_KEY.read(options).orElse(List.of()),
                Options.value(Options.FILE_FORMAT, options),
                Options.value(Options.MERGE_ENGINE, options),
                Options.value(Options.WRITE_BUFFER_SIZE, options),
                Options.value(Options.TARGET_FILE_SIZE, options),
                Options.value(Options.COMPACTION_DEBT_LIMIT, options),
                SnapshotRetention.parse(options));
    }
}
