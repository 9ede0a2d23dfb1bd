package io.streamhouse.spec.option;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.FileFormat;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every option there is. {@code docs/options.md} is generated from this list; a test holds its size at 60 or less.
 *
 * <p>Names and values are Paimon's where the meaning is the same. What data can decide is not an option.
 */
public final class Options {
    /** Most options that the project allows itself. */
    public static final int MAX_COUNT = 60;

    private static final DataSize MIB = DataSize.ofMebibytes(1);

    static final Option<Integer> BUCKET = table(
            "bucket", OptionType.integer(1, 32_768), "4", "buckets per partition; fixed after the first snapshot");
    static final Option<List<String>> BUCKET_KEY = table(
            "bucket-key",
            OptionType.columns(),
            "",
            "columns that choose the bucket; default: the primary key without partition columns");
    static final Option<FileFormat> FILE_FORMAT = table(
            "file.format", OptionType.fileFormat(), "parquet", "format of new data files; orc needs jars of its own");
    static final Option<DataSize> WRITE_BUFFER_SIZE = table(
            "write-buffer-size",
            OptionType.size(MIB, DataSize.ofMebibytes(64 << 10)),
            "64 mb",
            "memory of one writer for rows that are not flushed yet");
    static final Option<DataSize> TARGET_FILE_SIZE = table(
            "target-file-size",
            OptionType.size(MIB, DataSize.ofMebibytes(16 << 10)),
            "128 mb",
            "size at which a writer begins another data file");
    static final Option<DataSize> COMPACTION_DEBT_LIMIT = table(
            "compaction.debt-limit",
            OptionType.size(new DataSize(1L << 10), DataSize.ofMebibytes(1L << 30)),
            "4 gb",
            "what compaction may be behind, in bytes to read, before the writers of its job slow down");
    static final Option<MergeEngine> MERGE_ENGINE = table(
            "merge-engine",
            OptionType.choice(List.of("partial-update", "aggregation", "first-row"), MergeEngine.DEDUPLICATE),
            "deduplicate",
            "how rows of one key become one row (partial-update, aggregation, first-row: reserved)");
    static final Option<Duration> SNAPSHOT_TIME_RETAINED = table(
            "snapshot.time-retained",
            OptionType.duration(Duration.ZERO, Duration.ofDays(36_500)),
            "1 h",
            "how far back from the newest snapshot the table can be read");
    static final Option<Long> SNAPSHOT_MIN_RETAINED = table(
            "snapshot.num-retained.min", OptionType.number(1), "10", "snapshots that are kept whatever their age");
    static final Option<Long> SNAPSHOT_MAX_RETAINED = table(
            "snapshot.num-retained.max",
            OptionType.number(1),
            "",
            "snapshots that are kept at most, not less than the minimum; default: no limit");

    static final Option<ScanMode> SCAN_MODE = scan(
            "scan.mode",
            OptionType.choice(List.of(), ScanMode.values()),
            "default",
            "where a scan starts; default: latest-full, or what scan.snapshot-id or scan.timestamp* imply");
    static final Option<Long> SCAN_SNAPSHOT_ID =
            scan("scan.snapshot-id", OptionType.number(1), "", "snapshot of from-snapshot and from-snapshot-full");
    static final Option<Long> SCAN_TIMESTAMP_MILLIS = scan(
            "scan.timestamp-millis",
            OptionType.number(0),
            "",
            "time of from-timestamp in milliseconds since 1970-01-01 UTC");
    static final Option<LocalDateTime> SCAN_TIMESTAMP =
            scan("scan.timestamp", OptionType.timestamp(), "", "time of from-timestamp in the session's time zone");
    static final Option<ScanBound> SCAN_BOUNDED =
            scan("scan.bounded", OptionType.bound(), "", "where a stream ends; default: never");
    static final Option<Duration> DISCOVERY_INTERVAL = scan(
            "continuous.discovery-interval",
            OptionType.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            "100 ms",
            "how often a stream looks for new snapshots");
    static final Option<ChangelogShape> CHANGELOG_SHAPE = scan(
            "changelog.shape",
            OptionType.choice(List.of(), ChangelogShape.values()),
            "full",
            "full: before- and after-images; upsert: after-images and deletes only");

    static final Option<Integer> SINK_PARALLELISM = sink(
            "sink.parallelism",
            OptionType.integer(1, 32_768),
            "",
            "number of writers of a statement; default: that of its input");
    static final Option<String> COMMIT_USER = sink(
            "commit.user",
            OptionType.userName(),
            "",
            "commit user of a stream; default: a fresh one per submission, restored state wins");
    static final Option<OlderSavepoint> ON_OLDER_SAVEPOINT = sink(
            "commit.on-older-savepoint",
            OptionType.choice(List.of(), OlderSavepoint.values()),
            "refuse",
            "what a job does whose user has committed work that the restored state does not know");

    static final Option<Boolean> WRITE_ONLY = sink(
            "write-only",
            OptionType.bool(),
            "false",
            "a stream leaves compaction and the expiry of snapshots to others");

    static final Option<String> WAREHOUSE =
            catalog("warehouse", OptionType.text(), false, "root of all databases, a URI; required");
    static final Option<URI> S3_ENDPOINT = catalog(
            "s3.endpoint", OptionType.endpoint(), false, "server that speaks S3; default: that of AWS in the region");
    static final Option<String> S3_REGION = catalog(
            "s3.region", OptionType.word(), false, "region; default: the AWS SDK's chain, us-east-1 with s3.endpoint");
    static final Option<String> S3_ACCESS_KEY =
            catalog("s3.access-key", OptionType.word(), true, "secret; default: the AWS SDK's chain");
    static final Option<String> S3_SECRET_KEY =
            catalog("s3.secret-key", OptionType.word(), true, "secret; default: the AWS SDK's chain");
    static final Option<String> S3_SESSION_TOKEN =
            catalog("s3.session-token", OptionType.word(), true, "secret; of temporary credentials");
    static final Option<Boolean> S3_PATH_STYLE_ACCESS = catalog(
            "s3.path-style-access",
            OptionType.bool(),
            false,
            "the bucket stands in the path, not in the host name; default: with s3.endpoint");
    static final Option<String> HADOOP = catalog(
            "hadoop.*",
            OptionType.text(),
            true,
            "setting of Hadoop's client for a warehouse on HDFS, without the prefix");

    static final Option<DataSize> CACHE_MEMORY_SIZE = new Option<>(
            "cache.memory-size",
            OptionType.size(new DataSize(0), DataSize.ofMebibytes(64 << 10)),
            "64 mb",
            OptionScope.CATALOG,
            true,
            false,
            "what one catalog keeps in memory of the data it has read from S3 or HDFS");
    static final Option<String> CACHE_DIRECTORY = catalog(
            "cache.directory",
            OptionType.text(),
            false,
            "directory of a local disk where more of it is kept; default: none");
    static final Option<DataSize> CACHE_DISK_SIZE = new Option<>(
            "cache.disk-size",
            OptionType.size(MIB, DataSize.ofMebibytes(16L << 20)),
            "10 gb",
            OptionScope.CATALOG,
            true,
            false,
            "what one catalog keeps in cache.directory, as long as it is open");

    private static final List<Option<?>> ALL = List.of(
            WAREHOUSE,
            CACHE_MEMORY_SIZE,
            CACHE_DIRECTORY,
            CACHE_DISK_SIZE,
            S3_ENDPOINT,
            S3_REGION,
            S3_ACCESS_KEY,
            S3_SECRET_KEY,
            S3_SESSION_TOKEN,
            S3_PATH_STYLE_ACCESS,
            HADOOP,
            BUCKET,
            BUCKET_KEY,
            FILE_FORMAT,
            WRITE_BUFFER_SIZE,
            TARGET_FILE_SIZE,
            COMPACTION_DEBT_LIMIT,
            MERGE_ENGINE,
            SNAPSHOT_TIME_RETAINED,
            SNAPSHOT_MIN_RETAINED,
            SNAPSHOT_MAX_RETAINED,
            SCAN_MODE,
            SCAN_SNAPSHOT_ID,
            SCAN_TIMESTAMP_MILLIS,
            SCAN_TIMESTAMP,
            SCAN_BOUNDED,
            DISCOVERY_INTERVAL,
            CHANGELOG_SHAPE,
            SINK_PARALLELISM,
            COMMIT_USER,
            ON_OLDER_SAVEPOINT,
            WRITE_ONLY,
            reserved("parquet.profile", OptionScope.TABLE, "page encodings: fast or compatible"),
            reserved("changelog.before-image", OptionScope.TABLE, "what writers store beside the derived changelog"),
            reserved("log.preview", OptionScope.TABLE, "changes below the checkpoint interval"),
            reserved("sequence.field", OptionScope.TABLE, "column that orders versions of a key"),
            reserved("write.mode", OptionScope.TABLE, "when older versions of a key are resolved"),
            reserved("tag.*", OptionScope.TABLE, "automatic tags"),
            reserved("branch", OptionScope.TABLE, "branch that is read and written"),
            reserved("scan.tag-name", OptionScope.SCAN, "tag at which a scan starts"),
            reserved("scan.bounded.watermark", OptionScope.SCAN, "watermark at which a stream ends"),
            reserved("consumer-id", OptionScope.SCAN, "named consumer whose progress protects snapshots"));

    /** Keys that say how a table is stored: chosen when it is created, changed by no ALTER and by no statement. */
    public static final List<String> FIXED_KEYS = List.of(BUCKET.key(), BUCKET_KEY.key(), MERGE_ENGINE.key());

    private Options() {}

    /** The registry in the order of the documents; at most {@link #MAX_COUNT}. */
    public static List<Option<?>> all() {
        return ALL;
    }

    /**
     * Checks the options of a table or a statement: refuses unknown keys (UNKNOWN_OPTION with the nearest known one), those
     * of catalogs, reserved ones and malformed values (BAD_OPTION_VALUE with key, value and what is allowed). Values of
     * unknown keys are not repeated: they may be secrets.
     */
    public static void check(Map<String, String> options) {
        new TreeMap<>(options).forEach((key, value) -> find(key).parse(key, value));
    }

    /** Checks the options of a catalog in the same way. */
    public static void checkCatalog(Map<String, String> options) {
        new TreeMap<>(options).forEach((key, value) -> find(key, true).parse(key, value));
    }

    /** The option of a table or a statement by its key; UNKNOWN_OPTION with the nearest known one if there is none. */
    public static Option<?> find(String key) {
        return find(key, false);
    }

    private static Option<?> find(String key, boolean ofCatalog) {
        for (Option<?> o : ALL) {
            if (o.matches(key)) {
                if (isOfCatalog(o) != ofCatalog) {
                    throw unknown(
                            ofCatalog
                                    ? "option '%s' is none of a catalog, it belongs to a table"
                                            .formatted(TableName.shown(key))
                                    : "option '%s' belongs to the catalog, not to a table"
                                            .formatted(TableName.shown(key)));
                }
                return o;
            }
        }
        throw unknown("option '%s' is not known, the nearest is '%s'"
                .formatted(TableName.shown(key), nearest(key, ofCatalog)));
    }

    static StreamhouseException unknown(String message) {
        return new StreamhouseException(ErrorCode.UNKNOWN_OPTION, message);
    }

    private static boolean isOfCatalog(Option<?> option) {
        return option.scope() == OptionScope.CATALOG;
    }

    private static String nearest(String key, boolean ofCatalog) {
        String cut = key.length() <= 100 ? key : key.substring(0, 100);
        String best = "";
        int least = Integer.MAX_VALUE;
        for (Option<?> o : ALL) {
            int distance = EditDistance.of(cut, o.key());
            if (o.isAvailable() && isOfCatalog(o) == ofCatalog && distance < least) {
                best = o.key();
                least = distance;
            }
        }
        return best;
    }

    private static <T> Option<T> catalog(String key, OptionType<T> type, boolean secret, String description) {
        return new Option<>(key, type, "", OptionScope.CATALOG, true, secret, description);
    }

    private static <T> Option<T> table(String key, OptionType<T> type, String defaultText, String description) {
        return new Option<>(key, type, defaultText, OptionScope.TABLE, true, false, description);
    }

    private static <T> Option<T> scan(String key, OptionType<T> type, String defaultText, String description) {
        return new Option<>(key, type, defaultText, OptionScope.SCAN, true, false, description);
    }

    private static <T> Option<T> sink(String key, OptionType<T> type, String defaultText, String description) {
        return new Option<>(key, type, defaultText, OptionScope.SINK, true, false, description);
    }

    private static Option<String> reserved(String key, OptionScope scope, String description) {
        return new Option<>(key, OptionType.text(), "", scope, false, false, description);
    }

    /** Value of an option that has a default. */
    static <T> T value(Option<T> option, Map<String, String> options) {
        return option.read(options)
                .orElseThrow(() -> new IllegalStateException("option '" + option.key() + "' has no default"));
    }
}
