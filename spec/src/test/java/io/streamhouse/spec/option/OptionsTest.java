package io.streamhouse.spec.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileFormat;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static StreamhouseException refused(ErrorCode code, Map<String, String> options) {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> Options.check(options));
        assertEquals(code, e.code());
        return e;
    }

    private static void badValue(String key, String value, String... words) {
        StreamhouseException e = refused(ErrorCode.BAD_OPTION_VALUE, Map.of(key, value));
        assertTrue(e.getMessage().contains("'" + key + "'"), e::getMessage);
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), e::getMessage);
        }
    }

    @Test
    void thereAreAtMostSixtyOptions() {
        assertTrue(
                Options.all().size() <= Options.MAX_COUNT, () -> Options.all().size() + " options");
        Set<String> keys = new HashSet<>();
        Options.all().forEach(o -> assertTrue(keys.add(o.key()), o::key));
    }

    @Test
    void everyDefaultIsAllowed() {
        for (Option<?> o : Options.all()) {
            if (!o.defaultText().isEmpty()) {
                Map<String, String> given = Map.of(o.key(), o.defaultText());
                if (o.scope() == OptionScope.CATALOG) {
                    Options.checkCatalog(given);
                } else {
                    Options.check(given);
                }
            }
            assertFalse(o.description().isBlank());
        }
    }

    @Test
    void unknownKeysNameTheNearestKnownOneAndHideTheValue() {
        StreamhouseException e = refused(ErrorCode.UNKNOWN_OPTION, Map.of("bukcet", "s3cret"));
        assertTrue(e.getMessage().contains("'bukcet'") && e.getMessage().contains("'bucket'"), e::getMessage);
        assertFalse(e.getMessage().contains("s3cret"), e::getMessage);
        assertTrue(refused(ErrorCode.UNKNOWN_OPTION, Map.of("write-bufer-size", "1"))
                .getMessage()
                .contains("'write-buffer-size'"));
        assertTrue(refused(ErrorCode.UNKNOWN_OPTION, Map.of("scan.modes", "x"))
                .getMessage()
                .contains("'scan.mode'"));
        refused(ErrorCode.UNKNOWN_OPTION, Map.of("", ""));
        refused(ErrorCode.UNKNOWN_OPTION, Map.of("Bucket", "4"));
        refused(ErrorCode.UNKNOWN_OPTION, Map.of("x".repeat(100_000), ""));
    }

    @Test
    void reservedKeysAndValuesAreNotAvailableYet() {
        for (String key : List.of("tag.automatic-creation", "branch", "consumer-id", "log.preview", "sequence.field")) {
            badValue(key, "x", "not available yet");
        }
        StreamhouseException hidden = refused(ErrorCode.BAD_OPTION_VALUE, Map.of("tag.\0x", "x"));
        assertTrue(hidden.getMessage().contains("'tag.\\u0000x' is not available yet"), hidden::getMessage);
        badValue("merge-engine", "aggregation", "not available yet", "deduplicate");
        Options.check(Map.of("merge-engine", "deduplicate", "file.format", "PARQUET"));
        Options.check(Map.of("file.format", "orc"));
        badValue("file.format", "avro", "parquet | orc");
    }

    @Test
    void badValuesNameKeyValueAndWhatIsAllowed() {
        badValue("bucket", "0", "'0'", "1 to 32768");
        badValue("bucket", "four", "'four'");
        badValue("bucket", "", "''");
        badValue("bucket-key", "a,,b", "separated by commas");
        badValue("write-buffer-size", "64 apples", "1 mb to 64 gb");
        badValue("write-buffer-size", "1 kb", "1 mb");
        badValue("target-file-size", "99999999 tb");
        badValue("scan.mode", "newest", "latest-full", "earliest");
        badValue("scan.bounded", "0", "latest");
        badValue("scan.timestamp", "2024-13-01 00:00:00", "yyyy-MM-dd");
        badValue("continuous.discovery-interval", "1", "10 ms to 1 h");
        badValue("commit.user", "a\nb", "printable", "\\u000a");
        badValue("changelog.shape", "net", "full | upsert");
        badValue("commit.on-older-savepoint", "ignore", "refuse | new-user");
    }

    @Test
    void tableOptionsAreTyped() {
        assertEquals(
                new TableOptions(
                        4,
                        List.of(),
                        FileFormat.PARQUET,
                        MergeEngine.DEDUPLICATE,
                        DataSize.ofMebibytes(64),
                        DataSize.ofMebibytes(128),
                        DataSize.ofMebibytes(4 << 10),
                        new SnapshotRetention(Duration.ofHours(1), 10, Long.MAX_VALUE)),
                TableOptions.DEFAULTS);
        TableOptions given = TableOptions.parse(
                Map.of("bucket", "7", "bucket-key", "a, b", "write-buffer-size", "2 MB", "scan.mode", "latest"));
        assertEquals(7, given.buckets());
        assertEquals(List.of("a", "b"), given.bucketKey());
        assertEquals(2L << 20, given.writeBufferSize().bytes());
    }

    @Test
    void retentionKeepsAtLeastOneSnapshotAndAMaximumThatIsNoLess() {
        assertEquals(
                new SnapshotRetention(Duration.ofMinutes(2), 3, 3),
                TableOptions.parse(Map.of(
                                "snapshot.time-retained",
                                "2 min",
                                "snapshot.num-retained.min",
                                "3",
                                "snapshot.num-retained.max",
                                "3"))
                        .retention());
        badValue("snapshot.time-retained", "-1 s", "0 ms to");
        badValue("snapshot.num-retained.min", "0", "1 or more");
        badValue("snapshot.num-retained.max", "0", "1 or more");
        StreamhouseException e = assertThrows(
                StreamhouseException.class,
                () -> TableOptions.parse(Map.of("snapshot.num-retained.max", "9")),
                "the minimum is 10");
        assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
        assertTrue(e.getMessage().contains("'9' is below 'snapshot.num-retained.min' = '10'"), e.getMessage());
    }

    @Test
    void sinkOptionsAreTyped() {
        assertEquals(
                new SinkOptions(OptionalInt.empty(), Optional.empty(), OlderSavepoint.REFUSE, false),
                SinkOptions.DEFAULTS);
        assertEquals(
                new SinkOptions(OptionalInt.of(3), Optional.of("nightly"), OlderSavepoint.NEW_USER, true),
                SinkOptions.parse(Map.of(
                        "sink.parallelism",
                        "3",
                        "commit.user",
                        "nightly",
                        "commit.on-older-savepoint",
                        "new-user",
                        "write-only",
                        "true")));
    }

    @Test
    void optionsOfACatalogGetIntoNoTableAndThoseOfATableIntoNoCatalog() {
        for (Option<?> o : Options.all()) {
            boolean ofCatalog = o.scope() == OptionScope.CATALOG;
            Map<String, String> options = Map.of(o.key(), "canary");
            StreamhouseException e = assertThrows(
                    StreamhouseException.class,
                    () -> {
                        if (ofCatalog) {
                            Options.check(options);
                        } else {
                            Options.checkCatalog(options);
                        }
                    },
                    o::key);
            assertEquals(ErrorCode.UNKNOWN_OPTION, e.code());
            assertTrue(e.getMessage().contains("'" + o.key() + "'"), e::getMessage);
            assertFalse(e.getMessage().contains("canary"), e::getMessage);
        }
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> Options.checkCatalog(Map.of("s3.acces-key", "canary")));
        assertTrue(e.getMessage().contains("'s3.access-key'") && !e.getMessage().contains("canary"), e::getMessage);
    }

    @Test
    void optionsOfS3AreTypedAndShowNoSecret() {
        S3Options given = S3Options.parse(Map.of(
                "s3.endpoint", "http://127.0.0.1:9000",
                "s3.access-key", "canary-1",
                "s3.secret-key", "canary-2",
                "s3.session-token", "canary-3"));
        assertEquals(
                new S3Options(
                        Optional.of(URI.create("http://127.0.0.1:9000")),
                        Optional.empty(),
                        Optional.of(new S3Options.Credentials("canary-1", "canary-2", Optional.of("canary-3"))),
                        true),
                given);
        assertFalse(given.toString().contains("canary"), given::toString);
        assertFalse(S3Options.parse(Map.of("s3.region", "eu-west-1")).pathStyle());
        for (Map<String, String> bad : List.of(
                Map.of("s3.access-key", "canary"),
                Map.of("s3.secret-key", "canary", "s3.access-key", "canary\n"),
                Map.of("s3.secret-key", "canary canary"),
                Map.of("s3.session-token", "canary"),
                Map.of("s3.endpoint", "https://user:canary@host"))) {
            StreamhouseException e = assertThrows(StreamhouseException.class, () -> S3Options.parse(bad));
            assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
            boolean shown = e.getMessage().contains("canary")
                    || String.valueOf(e.getCause()).contains("canary");
            assertFalse(shown, e::getMessage);
        }
    }

    private static ScanOptions scan(String... pairs) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return ScanOptions.parse(options, ZoneId.of("Europe/Berlin"));
    }

    @Test
    void scanModeFollowsWhatIsGiven() {
        assertEquals(ScanMode.LATEST_FULL, scan().mode());
        assertEquals(ScanMode.FROM_SNAPSHOT, scan("scan.snapshot-id", "7").mode());
        assertEquals(ScanMode.FROM_TIMESTAMP, scan("scan.timestamp-millis", "7").mode());
        assertEquals(
                ScanMode.FROM_SNAPSHOT_FULL,
                scan("scan.snapshot-id", "7", "scan.mode", "from-snapshot-full").mode());
        assertEquals(OptionalLong.of(7), scan("scan.snapshot-id", "7").snapshotId());
        // winter time, one hour ahead of UTC
        assertEquals(
                OptionalLong.of(1_704_067_200_000L - 3_600_000L + 5),
                scan("scan.timestamp", "2024-01-01 00:00:00.005").timestampMillis());
        assertEquals(
                OptionalLong.of(1_704_067_200_000L - 3_600_000L),
                scan("scan.timestamp", "2024-01-01").timestampMillis());
        assertEquals(
                Optional.of(new ScanBound.Latest()),
                scan("scan.bounded", "latest").bound());
        assertEquals(
                Optional.of(new ScanBound.AtSnapshot(9)),
                scan("scan.bounded", "9").bound());
        assertEquals(ChangelogShape.UPSERT, scan("changelog.shape", "upsert").shape());
        assertEquals(ScanOptions.DEFAULTS, ScanOptions.parse(Map.of(), ZoneOffset.UTC));
    }

    @Test
    void contradictingScanOptionsAreRefused() {
        List<List<String>> contradictions = List.of(
                List.of("scan.mode", "from-snapshot"),
                List.of("scan.mode", "from-timestamp"),
                List.of("scan.mode", "latest", "scan.snapshot-id", "1"),
                List.of("scan.mode", "from-snapshot", "scan.timestamp-millis", "1"),
                List.of("scan.snapshot-id", "1", "scan.timestamp-millis", "1"),
                List.of("scan.timestamp", "2024-01-01", "scan.timestamp-millis", "1"));
        for (List<String> pairs : contradictions) {
            StreamhouseException e =
                    assertThrows(StreamhouseException.class, () -> scan(pairs.toArray(String[]::new)), pairs::toString);
            assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
        }
    }

    @Test
    void sizesAndDurationsHaveTheUsualUnits() {
        Map<String, Long> sizes = Map.of(
                "0",
                0L,
                "100",
                100L,
                "1b",
                1L,
                "128kb",
                128L << 10,
                "64 MB",
                64L << 20,
                "1 g",
                1L << 30,
                "2tb",
                2L << 40);
        sizes.forEach((text, bytes) -> assertEquals(bytes, DataSize.parse(text).bytes(), text));
        sizes.values()
                .forEach(b -> assertEquals(
                        b, DataSize.parse(new DataSize(b).toString()).bytes()));
        for (String bad : List.of("", "mb", "-1 mb", "1.5 mb", "1 mbb", "9999999999999 tb", "1 mb 2")) {
            assertThrows(IllegalArgumentException.class, () -> DataSize.parse(bad), bad);
        }
        Map<String, Long> durations = Map.of(
                "200ms",
                200L,
                "10 s",
                10_000L,
                "1 min",
                60_000L,
                "2h",
                7_200_000L,
                "1 d",
                86_400_000L,
                "PT1.5S",
                1500L);
        durations.forEach((text, ms) -> assertEquals(Duration.ofMillis(ms), DurationText.parse(text), text));
        durations
                .values()
                .forEach(ms -> assertEquals(
                        Duration.ofMillis(ms), DurationText.parse(DurationText.print(Duration.ofMillis(ms)))));
        for (String bad : List.of("", "10", "-1 s", "1 us", "PT-1S", "PT0.0001S", "999999999999999 d")) {
            assertThrows(IllegalArgumentException.class, () -> DurationText.parse(bad), bad);
        }
    }
}
