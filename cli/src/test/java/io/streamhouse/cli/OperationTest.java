package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look into a warehouse and care for it, against a table with partitions, masks and deletions. */
class OperationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path warehouse;

    /** A fence and three commits: four rows in two partitions; one updated, one deleted; one more. */
    @BeforeEach
    void makeTables() throws IOException {
        warehouse = directory.resolve("warehouse");
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            catalog.createDatabase("default", true);
            catalog.createDatabase("shop", true);
            List<Field> columns = List.of(
                    new Field(1, "day", DataType.string(), false),
                    new Field(2, "id", DataType.bigint(), false),
                    new Field(3, "amount", DataType.decimal(10, 2), true));
            TableSchema schema =
                    TableSchema.create(columns, List.of("day", "id"), List.of("day"), List.of(), 2, Map.of());
            Table orders = catalog.createTable(TableName.of("shop", "orders"), schema);
            catalog.createTable(TableName.of("default", "idle"), schema);
            try (TableWriter writer = TableWriter.open(orders, CommitUser.named("till"))) {
                for (long id = 1; id <= 4; id++) {
                    writer.write(RowKind.INSERT, order(id % 2 == 0 ? "mon" : "tue", id, "1.50"));
                }
                writer.commit(1);
                writer.write(RowKind.UPDATE_AFTER, order("mon", 2, "2.00"));
                writer.write(RowKind.DELETE, order("tue", 3, "1.50"));
                writer.commit(2);
                writer.write(RowKind.INSERT, order("mon\nday", 5, null));
                writer.commit(3);
            }
        }
    }

    private static Row order(String day, long id, String amount) {
        return Row.of(day, id, amount == null ? null : new BigDecimal(amount));
    }

    private Answer run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--warehouse");
        all.add(warehouse.toString());
        return Answer.of(all.toArray(String[]::new));
    }

    private List<String> words(String line) {
        return List.of(line.strip().split("\\s{2,}"));
    }

    private Answer succeed(String... arguments) {
        Answer answer = run(arguments);
        assertEquals(ExitCode.OK, answer.code(), answer.err());
        return answer;
    }

    @Test
    void tablesAreListedWithTheirSizesKeysAndSnapshots() throws IOException {
        List<String> lines = succeed("tables").lines();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("table "), lines.get(0));
        assertTrue(lines.get(1).startsWith("default.idle"), lines.get(1));
        List<String> orders = words(lines.get(2));
        assertEquals(List.of("shop.orders", "4", "3"), orders.subList(0, 3));
        assertEquals("33.3 %", orders.get(4)); // of six rows written one is replaced and one deleted
        assertEquals("1-4", orders.get(5));
        assertEquals(List.of("day, id", "day", "2"), orders.subList(7, 10));
        assertEquals(2, succeed("tables", "shop").lines().size());
        JsonNode json = JSON.readTree(succeed("tables", "shop", "--json").out());
        assertEquals(4, json.get("rows").asLong());
        assertEquals(4, json.get("newest_snapshot").asLong());
        assertEquals("[\"day\",\"id\"]", json.get("primary_key").toString());
    }

    @Test
    void filesShowWhatIsStillVisibleInThem() throws IOException {
        List<String> lines = succeed("files", "shop.orders").lines();
        assertEquals(6, lines.size(), lines.toString());
        List<String> first = words(lines.get(1));
        assertEquals(List.of("0", "append", "4", "2"), first.subList(1, 5));
        assertEquals(List.of("2", "2"), first.subList(6, 8));
        assertTrue(first.get(8).endsWith(" of 2 partitions"), first.toString());
        assertTrue(
                lines.get(4).matches("snapshot 4: 3 files, .* KiB, 6 rows, 4 visible, garbage 33.3 %"), lines.get(4));
        assertTrue(lines.get(5).startsWith("level 0: 3 files, "), lines.get(5));
        List<JsonNode> files = new ArrayList<>();
        for (String line : succeed("files", "shop.orders", "--json").lines()) {
            files.add(JSON.readTree(line));
        }
        assertEquals(
                List.of(4, 1, 1), files.stream().map(f -> f.get("rows").asInt()).toList());
        assertEquals(
                List.of(2, 1, 1),
                files.stream().map(f -> f.get("visible_rows").asInt()).toList());
        assertEquals(
                List.of(2, 3, 4),
                files.stream().map(f -> f.get("added_in").asInt()).toList());
        assertEquals(2, files.get(0).get("partitions").asInt());
        assertEquals(
                1,
                succeed("files", "shop.orders", "--snapshot", "2", "--json")
                        .lines()
                        .size());
    }

    @Test
    void vectorsStandWhereTheyAreSaidToStand() throws IOException {
        Path file = directory.resolve("orders.puffin");
        List<String> lines =
                succeed("vectors", "shop.orders", "--out", file.toString()).lines();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(2).startsWith("snapshot 4: 1 vector of 2 superseded rows, "), lines.get(2));
        assertTrue(lines.get(2).endsWith(" in " + file), lines.get(2));
        Path again = directory.resolve("again.puffin");
        Answer answer = succeed("vectors", "shop.orders", "--snapshot", "3", "--json", "--out", again.toString());
        JsonNode json = JSON.readTree(answer.out());
        assertEquals(3, json.get("snapshot").asLong());
        assertEquals(
                List.of(
                        json.get("data_file").asText(),
                        json.get("offset").asText(),
                        json.get("length").asText(),
                        json.get("cardinality").asText()),
                words(lines.get(1)));
        // the update took one row of the first file and the deletion another
        Path dataFile = Path.of(URI.create(json.get("data_file").asText()));
        assertTrue(dataFile.startsWith(warehouse) && Files.isRegularFile(dataFile), dataFile.toString());
        try (ObjectStore store = ObjectStores.local(directory)) {
            VectorFile.Blob place = new VectorFile.Blob(
                    json.get("data_file").asText(),
                    json.get("offset").asLong(),
                    json.get("length").asInt(),
                    json.get("cardinality").asInt());
            for (String name : List.of("orders.puffin", "again.puffin")) {
                assertEquals(2, PuffinFiles.read(store, name, place, 4).positions().length);
                assertEquals(List.of(place), PuffinFiles.describe(store, name).blobs());
            }
        }
        Path none = directory.resolve("none.puffin");
        answer = succeed("vectors", "shop.orders", "--snapshot", "2", "--out", none.toString());
        assertEquals(List.of("snapshot 2 has no superseded row in its files; nothing was written"), answer.lines());
        assertEquals(
                "",
                succeed("vectors", "idle", "--json", "--out", none.toString()).out());
        assertTrue(succeed("vectors", "idle", "--out", none.toString()).out().contains("no snapshot yet"));
        assertFailure(
                "SNAPSHOT_NOT_FOUND",
                "the newest is 4",
                run("vectors", "shop.orders", "--snapshot", "9", "--out", none.toString()));
        assertFailure("TABLE_NOT_FOUND", "nearest", run("vectors", "shop.ordres", "--out", none.toString()));
        assertUsage("'--out=FILE'", run("vectors", "shop.orders"));
        assertUsage("no/x does not exist", run("vectors", "shop.orders", "--out", directory + "/no/x/f"));
        byte[] before = Files.readAllBytes(file);
        assertUsage("exists already", run("vectors", "shop.orders", "--out", file.toString()));
        assertUsage("exists already", run("vectors", "shop.orders", "--out", directory.toString()));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertTrue(Files.notExists(none));
    }

    @Test
    void snapshotsShowWhoCommittedWhat() throws IOException {
        List<String> lines = succeed("snapshots", "shop.orders").lines();
        assertEquals(6, lines.size(), lines.toString());
        assertEquals(List.of("1", "fence"), words(lines.get(1)).subList(0, 2)); // a user of a name fences
        List<String> second = words(lines.get(3));
        assertEquals(List.of("3", "append"), second.subList(0, 2));
        assertEquals(List.of("till", "2", "3", "0", "1", "1", "2", "0"), second.subList(3, 11));
        assertEquals("4 of 4 readable snapshots, the earliest is 1", lines.get(5));
        assertEquals(
                1,
                succeed("snapshots", "shop.orders", "--last", "1", "--json")
                        .lines()
                        .size());
    }

    @Test
    void tailPrintsEveryChangeOnItsLine() throws IOException {
        List<String> lines = succeed("tail", "shop.orders").lines();
        assertEquals(
                List.of(
                        "2 +I (mon, 2, 1.50)",
                        "2 +I (mon, 4, 1.50)",
                        "2 +I (tue, 1, 1.50)",
                        "2 +I (tue, 3, 1.50)",
                        "3 +U (mon, 2, 2.00)",
                        "3 -D (tue, 3, 1.50)",
                        "3 -U (mon, 2, 1.50)",
                        "4 +I (mon\\nday, 5, null)"),
                lines.stream().sorted().toList());
        assertEquals(
                lines.subList(0, 2),
                succeed("tail", "shop.orders", "--limit", "2").lines());
        assertEquals(4, succeed("tail", "shop.orders", "--from", "3").lines().size());
        assertEquals(4, succeed("tail", "shop.orders", "--from", "full").lines().size());
        assertEquals(
                List.of(), succeed("tail", "shop.orders", "--from", "latest").lines());
        assertEquals(
                List.of("3 +U (mon, 2, 2.00)", "3 -D (tue, 3, null)"),
                succeed("tail", "shop.orders", "--from", "3", "--limit", "2", "--shape", "upsert").lines().stream()
                        .sorted()
                        .toList());
        JsonNode json = JSON.readTree(
                succeed("tail", "shop.orders", "--from", "4", "--json").out());
        assertEquals("+I", json.get("kind").asText());
        assertEquals(
                "{\"day\":\"mon\\nday\",\"id\":5,\"amount\":null}",
                json.get("row").toString());
    }

    @Test
    void compactMergesAndSaysWhatItChecked() throws IOException {
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of());
                TableWriter writer =
                        TableWriter.open(catalog.table(TableName.of("shop", "orders")), CommitUser.fresh())) {
            for (int commit = 1; commit <= 12; commit++) {
                for (long id = 1; id <= 50; id++) {
                    writer.write(RowKind.INSERT, order("mon", id, commit + ".00"));
                }
                writer.commit(commit);
            }
        }
        long rows = JSON.readTree(succeed("tables", "shop", "--json").out())
                .get("rows")
                .asLong();
        Answer answer = succeed("compact", "shop.orders");
        assertTrue(
                answer.out().contains("digest over all columns were compared before each was published"), answer.out());
        assertTrue(answer.err().startsWith("compacting "), answer.err());
        JsonNode after = JSON.readTree(succeed("tables", "shop", "--json").out());
        assertEquals(rows, after.get("rows").asLong());
        assertTrue(after.get("files").asLong() < 15, after.toString());
        assertTrue(succeed("snapshots", "shop.orders").out().contains("compact"));
        assertEquals(
                0,
                JSON.readTree(succeed("compact", "shop.orders", "--json").out())
                        .get("published")
                        .asInt());
        assertTrue(succeed("compact", "shop.orders").out().contains("nothing is worth compacting"));
    }

    /** Values with an escape sequence, a byte that some terminals take for its beginning, and DEL. */
    @Test
    void noControlCharacterLeavesAPipe() throws IOException {
        String evil = "red \u001b[31m\u009b31m\u007f\r\n";
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of());
                TableWriter writer =
                        TableWriter.open(catalog.table(TableName.of("shop", "orders")), CommitUser.fresh())) {
            writer.write(RowKind.INSERT, order(evil, 7, "7.00"));
            writer.commit(1);
        }
        for (List<String> command : List.of(
                List.of("tables"),
                List.of("files", "shop.orders"),
                List.of("snapshots", "shop.orders"),
                List.of("tail", "shop.orders"),
                List.of("compact", "shop.orders"),
                List.of("expire", "shop.orders"),
                List.of("clean", "shop.orders"),
                List.of("verify", "shop.orders"),
                List.of("expire", "shop.orders", "--dry-run"))) {
            assertPlain(command, succeed(command.toArray(String[]::new)));
            if (command.size() < 3) {
                List<String> json = new ArrayList<>(command);
                json.add("--json");
                Answer answer = succeed(json.toArray(String[]::new));
                assertPlain(json, answer);
                for (String line : answer.lines()) {
                    JSON.readTree(line);
                }
            }
        }
        String last =
                succeed("tail", "shop.orders", "--from", "6", "--json").lines().get(0);
        assertEquals(evil, JSON.readTree(last).get("row").get("day").asText());
        assertPlain(List.of("tables", evil), run("tables", evil));
    }

    private static void assertPlain(List<String> command, Answer answer) {
        String text = answer.out() + answer.err();
        assertTrue(
                text.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)),
                () -> command + " printed " + text);
    }

    @Test
    void aSoundTableIsProvedAndADamagedOneIsNamed() throws IOException {
        assertEquals(
                "shop.orders is sound: snapshots 1 to 4, 3 data files of %s, all columns; 4 rows counted, 8 changes of the"
                                .formatted(bytesOf("data"))
                        + " changelog folded\n",
                succeed("verify", "shop.orders", "--deep").out());
        assertTrue(succeed("verify", "shop.orders", "--snapshot", "3").out().contains("3 rows counted"));
        JsonNode sound = JSON.readTree(
                succeed("verify", "shop.orders", "--last", "2", "--json").out());
        assertTrue(sound.get("sound").booleanValue());
        assertEquals(3, sound.get("first_snapshot").longValue());

        Path file;
        try (Stream<Path> files = Files.list(warehouse.resolve("shop.db/orders/data"))) {
            file = files.min(Comparator.comparing(Path::toString)).orElseThrow();
        }
        Files.delete(file);
        Answer answer = run("verify", "shop.orders");
        assertEquals(ExitCode.PROOF_FAILED, answer.code());
        assertTrue(answer.out().startsWith("missing data/" + file.getFileName()), answer.out());
        assertTrue(answer.out().contains("  to do: restore data/" + file.getFileName()), answer.out());
        assertTrue(answer.out().contains("shop.orders is WRONG: 1 finding;"), answer.out());
        Answer json = run("verify", "shop.orders", "--json");
        assertEquals(ExitCode.PROOF_FAILED, json.code());
        assertEquals("missing", JSON.readTree(json.lines().get(0)).get("kind").textValue());
        assertFalse(JSON.readTree(json.lines().get(1)).get("sound").booleanValue());

        Path schema = warehouse.resolve("shop.db/orders/schema/0.json");
        byte[] bytes = Files.readAllBytes(schema);
        Files.write(schema, Arrays.copyOf(bytes, bytes.length / 2));
        Answer unopened = run("verify", "shop.orders");
        assertEquals(ExitCode.PROOF_FAILED, unopened.code(), unopened.toString());
        assertTrue(unopened.out().startsWith("damaged schema/0.json"), unopened.out());
        assertTrue(unopened.out().contains("  to do: restore schema/0.json"), unopened.out());
        Files.write(schema, bytes);

        assertEquals(
                ExitCode.FAILURE,
                run("verify", "shop.orders", "--snapshot", "77").code());
        assertEquals(
                ExitCode.USAGE, run("verify", "shop.orders", "--snapshot", "0").code());
        assertEquals(
                ExitCode.USAGE,
                run("verify", "shop.orders", "--snapshot", "1", "--last", "1").code());
        assertEquals(
                ExitCode.USAGE,
                run("clean", "shop.orders", "--older-than", "soon").code());
        assertEquals(
                ExitCode.FAILURE,
                run("clean", "shop.orders", "--older-than", "1 h").code());
    }

    private String bytesOf(String directory) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.list(warehouse.resolve("shop.db/orders").resolve(directory))) {
            for (Path file : files.toList()) {
                sum += Files.size(file);
            }
        }
        return String.format(Locale.ROOT, "%.1f KiB", sum / 1024.0);
    }

    @Test
    void aTableWithoutSnapshotIsNoError() {
        assertTrue(succeed("files", "idle").out().contains("no snapshot yet"));
        assertTrue(succeed("snapshots", "default.idle").out().contains("no snapshot yet"));
        assertEquals("", succeed("tail", "idle").out());
        assertTrue(succeed("compact", "idle").out().contains("nothing is worth compacting"));
        assertTrue(succeed("expire", "idle").out().contains("no snapshot yet"));
        assertTrue(succeed("verify", "idle").out().contains("no snapshot yet"));
        assertTrue(succeed("clean", "idle").out().contains("no orphan was deleted"));
    }

    @Test
    void whatIsWrongIsNamedInOneLine() throws IOException {
        for (String command : List.of("files", "snapshots", "tail", "compact", "expire", "clean", "verify")) {
            assertFailure(
                    "TABLE_NOT_FOUND",
                    "'shop.ordres' does not exist, the nearest is 'shop.orders'",
                    run(command, "shop.ordres"));
            assertFailure("TABLE_NOT_FOUND", "the nearest is 'shop.orders'", run(command, "orders"));
            assertFailure("BAD_NAME", "is not database.table", run(command, "a.b.c"));
            assertUsage("TABLE", run(command));
            assertUsage("does not exist", Answer.of(command, "t", "--warehouse", directory + "/none"));
        }
        assertFailure("DATABASE_NOT_FOUND", "'shops' does not exist, the nearest is 'shop'", run("tables", "shops"));
        assertFailure("BAD_NAME", "'a/b'", run("tables", "a/b"));
        assertFailure("SNAPSHOT_NOT_FOUND", "the newest is 4", run("files", "shop.orders", "--snapshot", "9"));
        assertFailure("SNAPSHOT_NOT_FOUND", "the newest is 4", run("tail", "shop.orders", "--from", "9"));
        assertUsage("'--snapshot'", run("files", "shop.orders", "--snapshot", "first"));
        assertUsage("'--last'", run("snapshots", "shop.orders", "--last", "0"));
        assertUsage("'--limit'", run("tail", "shop.orders", "--limit", "0"));
        assertUsage("'--shape'", run("tail", "shop.orders", "--shape", "half"));
        assertUsage("start 'noon' is none of", run("tail", "shop.orders", "--from", "noon"));
        assertUsage("start '99999999999999999999' is none of", run("tail", "shop.orders", "--from", "9".repeat(20)));
        assertUsage("one statement is expected, not 2", run("query", "SELECT 1; SELECT 2"));
        assertUsage("does not exist", Answer.of("query", "SELECT 1", "--warehouse", directory + "/none"));
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertUsage("is no directory", Answer.of("tables", "--warehouse", file.toString()));
        assertFailure("BAD_OPTION_VALUE", "scheme", Answer.of("tables", "--warehouse", "ftp://host/x"));
    }

    @Test
    void aTableThatCannotBeReadDoesNotHideTheOthers() throws IOException {
        Path record = warehouse.resolve("shop.db/orders/snapshot/%020d.json".formatted(4));
        Files.write(record, new byte[] {1, 2, 3});
        Answer answer = run("tables");
        assertEquals(ExitCode.FAILURE, answer.code());
        assertTrue(answer.err().startsWith("error CORRUPT_FILE: shop.orders: "), answer.err());
        assertTrue(answer.out().contains("default.idle"), answer.out());
        assertFailure("CORRUPT_FILE", record.getFileName().toString(), run("files", "shop.orders"));
    }

    private static void assertFailure(String code, String named, Answer answer) {
        assertEquals(ExitCode.FAILURE, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().startsWith("error " + code + ": "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertEquals(1, answer.err().lines().count(), answer.err());
    }

    private static void assertUsage(String named, Answer answer) {
        assertEquals(ExitCode.USAGE, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().startsWith("error USAGE: "), answer.err());
        assertTrue(answer.err().contains(named), answer.err());
        assertFalse(answer.err().contains("\tat "), answer.err());
    }

    /** A process of its own: it sees a commit made while it runs, loads no engine, and ends by SIGINT with 0. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFollowerSeesCommitsUntilItIsInterrupted() throws Exception {
        Path classes = directory.resolve("classes.txt");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                "io.streamhouse.cli.Main",
                "tail",
                "shop.orders",
                "-f",
                "--from",
                "4",
                "--warehouse",
                warehouse.toString());
        Path err = directory.resolve("err.txt");
        Process process = builder.redirectError(err.toFile()).start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("4 +I (mon\\nday, 5, null)", out.readLine());
            try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of());
                    TableWriter writer =
                            TableWriter.open(catalog.table(TableName.of("shop", "orders")), CommitUser.fresh())) {
                writer.write(RowKind.INSERT, order("wed", 6, "6.00"));
                writer.commit(1);
            }
            assertEquals("6 +I (wed, 6, 6.00)", out.readLine());
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                            .start()
                            .waitFor());
            // a shell's background job ignores SIGINT, and so do its children
            new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertEquals(null, out.readLine());
            assertEquals(ExitCode.OK, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
        assertEquals("", Files.readString(err));
        try (Stream<String> loaded = Files.lines(classes)) {
            assertEquals(
                    0,
                    loaded.filter(line -> line.contains("org.apache.flink.") || line.contains("org.apache.calcite."))
                            .count());
        }
    }
}
