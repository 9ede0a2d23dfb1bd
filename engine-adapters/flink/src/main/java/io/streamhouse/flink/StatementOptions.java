package io.streamhouse.flink;

import io.streamhouse.catalog.Table;
import io.streamhouse.flink.metadata.MetadataTable;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.OptionScope;
import io.streamhouse.spec.option.Options;
import io.streamhouse.spec.option.ScanMode;
import io.streamhouse.spec.option.ScanOptions;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which options may stand in the hint of a statement. Flink hands over the table's own options with those of the hint
 * merged in; what differs from the table's own came by the hint, and an option that the statement would not heed is
 * refused, never passed over.
 */
final class StatementOptions {
    private static final String SNAPSHOT_ID = "scan.snapshot-id";

    /** Options of a read that mean something in a stream only. */
    private static final Set<String> STREAMS_ONLY =
            Set.of("scan.bounded", "continuous.discovery-interval", "changelog.shape");

    /** The only option about storing that a writer takes from its statement. */
    private static final String WRITE_BUFFER_SIZE = "write-buffer-size";

    private StatementOptions() {}

    /** A table's options for a statement that reads it as it was at a snapshot. */
    static Map<String, String> at(Map<String, String> stored, long snapshotId) {
        Map<String, String> options = new HashMap<>(stored);
        options.keySet().removeIf(k -> k.startsWith("scan."));
        options.put("scan.mode", "from-snapshot-full");
        options.put(SNAPSHOT_ID, Long.toString(snapshotId));
        options.put("scan.bounded", Long.toString(snapshotId));
        return options;
    }

    /** Checks the options of a statement that reads. */
    static void checkRead(Table table, Optional<Long> travel, Map<String, String> options, boolean batch) {
        Map<String, String> stored = table.schema().options();
        Map<String, String> own = travel.map(id -> at(stored, id)).orElse(stored);
        String place = (batch ? "a batch read of " : "a streaming read of ") + table.name();
        hint(own, options, stored, place).forEach((key, value) -> {
            if (Options.find(key).scope() != OptionScope.SCAN) {
                throw refused(key, place, "it is not about reading");
            }
            if (travel.isPresent() && key.startsWith("scan.")) {
                throw refused(key, place, "FOR SYSTEM_TIME AS OF says what is read");
            }
            if (batch && STREAMS_ONLY.contains(key)) {
                throw refused(key, place, "it is for streams");
            }
        });
        if (batch && ScanOptions.parse(options, ZoneOffset.UTC).mode() == ScanMode.EARLIEST) {
            throw refused("scan.mode' = 'earliest", place, "it reads changes, a batch query reads one snapshot");
        }
    }

    /** Checks the options of a statement that writes. */
    static void checkWrite(Table table, Map<String, String> options, boolean batch) {
        Map<String, String> stored = table.schema().options();
        String place = "an INSERT INTO " + table.name();
        hint(stored, options, stored, place).forEach((key, value) -> {
            OptionScope scope = Options.find(key).scope();
            if (scope == OptionScope.SCAN) {
                throw refused(key, place, "it is about reading");
            }
            if (scope == OptionScope.TABLE && !key.equals(WRITE_BUFFER_SIZE)) {
                throw refused(key, place, "it belongs to the table, ALTER TABLE … SET changes it");
            }
        });
        if (batch && options.containsKey("commit.user")) {
            throw refused(
                    "commit.user", place, "it is for streams; a batch statement commits once, under its own user");
        }
    }

    /** Checks the options of a statement that reads a metadata table; the snapshot that it asks for. */
    static OptionalLong checkMetadata(String name, MetadataTable kind, Map<String, String> options) {
        Options.check(options);
        String place = "a read of '" + TableName.printable(name) + "'";
        new TreeMap<>(options).forEach((key, value) -> {
            if (!kind.hasSnapshots() || !key.equals(SNAPSHOT_ID)) {
                throw refused(
                        key,
                        place,
                        kind.hasSnapshots() ? "there is '" + SNAPSHOT_ID + "' only" : "this table has no options");
            }
        });
        return ScanOptions.parse(options, ZoneOffset.UTC).snapshotId();
    }

    /** What the statement says beyond the table's own options. */
    private static Map<String, String> hint(
            Map<String, String> own, Map<String, String> options, Map<String, String> stored, String place) {
        Options.check(options);
        Map<String, String> hint = new TreeMap<>(options);
        hint.entrySet().removeIf(e -> Objects.equals(own.get(e.getKey()), e.getValue()));
        for (String key : Options.FIXED_KEYS) {
            if (hint.containsKey(key)) {
                throw refused(
                        key + "' = '" + TableName.printable(hint.get(key)),
                        place,
                        "the table has %s"
                                .formatted(stored.containsKey(key) ? "'" + stored.get(key) + "'" : "the default"));
            }
        }
        return hint;
    }

    private static StreamhouseException refused(String option, String place, String why) {
        return new StreamhouseException(
                ErrorCode.BAD_OPTION_VALUE, "option '%s' cannot be set for %s: %s".formatted(option, place, why));
    }
}
