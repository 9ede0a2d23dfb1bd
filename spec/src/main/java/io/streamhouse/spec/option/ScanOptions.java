package io.streamhouse.spec.option;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Options of a statement that reads. Keys: {@code scan.mode}, {@code scan.snapshot-id}, {@code scan.timestamp-millis},
 * {@code scan.timestamp}, {@code scan.bounded}, {@code continuous.discovery-interval}, {@code changelog.shape}.
 *
 * @param mode where the scan starts; never {@code DEFAULT}
 * @param snapshotId present exactly if the mode is FROM_SNAPSHOT or FROM_SNAPSHOT_FULL
 * @param timestampMillis present exactly if the mode is FROM_TIMESTAMP; milliseconds since the epoch
 * @param bound where a stream ends; empty = never
 * @param discoveryInterval how often a stream looks for new snapshots
 * @param shape shape of the changelog
 */
public record ScanOptions(
        ScanMode mode,
        OptionalLong snapshotId,
        OptionalLong timestampMillis,
        Optional<ScanBound> bound,
        Duration discoveryInterval,
        ChangelogShape shape) {
    /** What is read when nothing is said: the newest state, in a stream the changes after it. */
    public static final ScanOptions DEFAULTS = parse(Map.of(), ZoneOffset.UTC);

    /**
     * Parses the options of this scope; those of others are ignored. Errors as {@link Options#check}; contradictions
     * between {@code scan.*} options are BAD_OPTION_VALUE too.
     *
     * @param zone time zone of {@code scan.timestamp}
     */
    public static ScanOptions parse(Map<String, String> options, ZoneId zone) {
        OptionalLong snapshot = toLong(Options.SCAN_SNAPSHOT_ID.read(options));
        OptionalLong timestamp = timestamp(options, zone);
        ScanMode mode = mode(Options.value(Options.SCAN_MODE, options), snapshot, timestamp);
        return new ScanOptions(
                mode,
                snapshot,
                timestamp,
                Options.SCAN_BOUNDED.read(options),
                Options.value(Options.DISCOVERY_INTERVAL, options),
                Options.value(Options.CHANGELOG_SHAPE, options));
    }

    private static OptionalLong toLong(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    private static OptionalLong timestamp(Map<String, String> options, ZoneId zone) {
        OptionalLong millis = toLong(Options.SCAN_TIMESTAMP_MILLIS.read(options));
        Optional<LocalDateTime> local = Options.SCAN_TIMESTAMP.read(options);
        if (millis.isPresent() && local.isPresent()) {
            throw Option.bad("'scan.timestamp' and 'scan.timestamp-millis' are both given; allowed: one of them");
        }
        return local.isPresent()
                ? OptionalLong.of(local.get().atZone(zone).toInstant().toEpochMilli())
                : millis;
    }

    private static ScanMode mode(ScanMode given, OptionalLong snapshot, OptionalLong timestamp) {
        if (snapshot.isPresent() && timestamp.isPresent()) {
            throw Option.bad("'scan.snapshot-id' and 'scan.timestamp*' are both given; allowed: one of them");
        }
        ScanMode mode = given;
        if (given == ScanMode.DEFAULT) {
            mode = snapshot.isPresent()
                    ? ScanMode.FROM_SNAPSHOT
                    : timestamp.isPresent() ? ScanMode.FROM_TIMESTAMP : ScanMode.LATEST_FULL;
        }
        boolean needsSnapshot = mode == ScanMode.FROM_SNAPSHOT || mode == ScanMode.FROM_SNAPSHOT_FULL;
        boolean needsTimestamp = mode == ScanMode.FROM_TIMESTAMP;
        if (needsSnapshot != snapshot.isPresent() || needsTimestamp != timestamp.isPresent()) {
            throw Option.bad("'scan.mode' = '%s' %s; given: %s"
                    .formatted(
                            OptionType.nameOf(mode),
                            needsSnapshot
                                    ? "needs 'scan.snapshot-id'"
                                    : needsTimestamp
                                            ? "needs 'scan.timestamp' or 'scan.timestamp-millis'"
                                            : "takes neither 'scan.snapshot-id' nor 'scan.timestamp*'",
                            snapshot.isPresent()
                                    ? "'scan.snapshot-id'"
                                    : timestamp.isPresent() ? "'scan.timestamp*'" : "neither"));
        }
        return mode;
    }
}
