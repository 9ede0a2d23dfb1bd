package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.spec.RowKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look into a warehouse, against a table with partitions, masks and deletions. */
class InspectCommandsTest {
    private final ShopWarehouse shop;

    InspectCommandsTest(@TempDir Path directory) throws IOException {
        shop = ShopWarehouse.in(directory);
    }

    @Test
    void tablesAreListedWithTheirSizesKeysAndSnapshots() throws IOException {
        List<String> lines = shop.succeed("tables").lines();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("table "), lines.get(0));
        assertTrue(lines.get(1).startsWith("default.idle"), lines.get(1));
        List<String> orders = Answer.words(lines.get(2));
        assertEquals(List.of("shop.orders", "4", "3"), orders.subList(0, 3));
        assertEquals("33.3 %", orders.get(4)); // of six rows written one is replaced and one deleted
        assertEquals("1-4", orders.get(5));
        assertEquals(List.of("day, id", "day", "2"), orders.subList(7, 10));
        assertEquals(2, shop.succeed("tables", "shop").lines().size());
        JsonNode json = Answer.json(shop.succeed("tables", "shop", "--json").out());
        assertEquals(4, json.get("rows").asLong());
        assertEquals(4, json.get("newest_snapshot").asLong());
        assertEquals("[\"day\",\"id\"]", json.get("primary_key").toString());
    }

    @Test
    void filesShowWhatIsStillVisibleInThem() throws IOException {
        List<String> lines = shop.succeed("files", "shop.orders").lines();
        assertEquals(6, lines.size(), lines.toString());
        List<String> first = Answer.words(lines.get(1));
        assertEquals(List.of("0", "append", "4", "2"), first.subList(1, 5));
        assertEquals(List.of("2", "2"), first.subList(6, 8));
        assertTrue(first.get(8).endsWith(" of 2 partitions"), first.toString());
        assertTrue(
                lines.get(4).matches("snapshot 4: 3 files, .* KiB, 6 rows, 4 visible, garbage 33.3 %"), lines.get(4));
        assertTrue(lines.get(5).startsWith("level 0: 3 files, "), lines.get(5));
        List<JsonNode> files = new ArrayList<>();
        for (String line : shop.succeed("files", "shop.orders", "--json").lines()) {
            files.add(Answer.json(line));
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
                shop.succeed("files", "shop.orders", "--snapshot", "2", "--json")
                        .lines()
                        .size());
    }

    @Test
    void snapshotsShowWhoCommittedWhat() throws IOException {
        List<String> lines = shop.succeed("snapshots", "shop.orders").lines();
        assertEquals(6, lines.size(), lines.toString());
        assertEquals(List.of("1", "fence"), Answer.words(lines.get(1)).subList(0, 2)); // a user of a name fences
        List<String> second = Answer.words(lines.get(3));
        assertEquals(List.of("3", "append"), second.subList(0, 2));
        assertEquals(List.of("till", "2", "3", "0", "1", "1", "2", "0"), second.subList(3, 11));
        assertEquals("4 of 4 readable snapshots, the earliest is 1", lines.get(5));
        assertEquals(
                1,
                shop.succeed("snapshots", "shop.orders", "--last", "1", "--json")
                        .lines()
                        .size());
    }

    @Test
    void tailPrintsEveryChangeOnItsLine() throws IOException {
        List<String> lines = shop.succeed("tail", "shop.orders").lines();
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
                shop.succeed("tail", "shop.orders", "--limit", "2").lines());
        assertEquals(
                4, shop.succeed("tail", "shop.orders", "--from", "3").lines().size());
        assertEquals(
                4, shop.succeed("tail", "shop.orders", "--from", "full").lines().size());
        assertEquals(
                List.of(),
                shop.succeed("tail", "shop.orders", "--from", "latest").lines());
        assertEquals(
                List.of("3 +U (mon, 2, 2.00)", "3 -D (tue, 3, null)"),
                shop.succeed("tail", "shop.orders", "--from", "3", "--limit", "2", "--shape", "upsert").lines().stream()
                        .sorted()
                        .toList());
        JsonNode json = Answer.json(
                shop.succeed("tail", "shop.orders", "--from", "4", "--json").out());
        assertEquals("+I", json.get("kind").asText());
        assertEquals(
                "{\"day\":\"mon\\nday\",\"id\":5,\"amount\":null}",
                json.get("row").toString());
    }

    /** A process of its own: it sees a commit made while it runs, loads no engine, and ends by SIGINT with 0. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFollowerSeesCommitsUntilItIsInterrupted() throws Exception {
        Path classes = shop.beside("classes.txt");
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
                shop.directory().toString());
        Path err = shop.beside("err.txt");
        Process process = builder.redirectError(err.toFile()).start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("4 +I (mon\\nday, 5, null)", out.readLine());
            shop.write(writer -> {
                writer.write(RowKind.INSERT, ShopWarehouse.order("wed", 6, "6.00"));
                writer.commit(1);
            });
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
