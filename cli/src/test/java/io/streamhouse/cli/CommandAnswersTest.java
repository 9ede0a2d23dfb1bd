package io.streamhouse.cli;

import static io.streamhouse.cli.ShopWarehouse.assertFailure;
import static io.streamhouse.cli.ShopWarehouse.assertUsage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.RowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command that looks into a warehouse or cares for it answers to odd tables, values and arguments. */
class CommandAnswersTest {
    private final ShopWarehouse shop;

    CommandAnswersTest(@TempDir Path directory) throws IOException {
        shop = ShopWarehouse.in(directory);
    }

    @Test
    void aTableWithoutSnapshotIsNoError() {
        assertTrue(shop.succeed("files", "idle").out().contains("no snapshot yet"));
        assertTrue(shop.succeed("snapshots", "default.idle").out().contains("no snapshot yet"));
        assertEquals("", shop.succeed("tail", "idle").out());
        assertTrue(shop.succeed("compact", "idle").out().contains("nothing is worth compacting"));
        assertTrue(shop.succeed("expire", "idle").out().contains("no snapshot yet"));
        assertTrue(shop.succeed("verify", "idle").out().contains("no snapshot yet"));
        assertTrue(shop.succeed("clean", "idle").out().contains("no orphan was deleted"));
    }

    @Test
    void whatIsWrongIsNamedInOneLine() throws IOException {
        for (String command : List.of("files", "snapshots", "tail", "compact", "expire", "clean", "verify")) {
            assertFailure(
                    "TABLE_NOT_FOUND",
                    "'shop.ordres' does not exist, the nearest is 'shop.orders'",
                    shop.run(command, "shop.ordres"));
            assertFailure("TABLE_NOT_FOUND", "the nearest is 'shop.orders'", shop.run(command, "orders"));
            assertFailure("BAD_NAME", "is not database.table", shop.run(command, "a.b.c"));
            assertUsage("TABLE", shop.run(command));
            assertUsage(
                    "does not exist",
                    Answer.of(command, "t", "--warehouse", shop.beside("none").toString()));
        }
        assertFailure(
                "DATABASE_NOT_FOUND", "'shops' does not exist, the nearest is 'shop'", shop.run("tables", "shops"));
        assertFailure("BAD_NAME", "'a/b'", shop.run("tables", "a/b"));
        assertFailure("SNAPSHOT_NOT_FOUND", "the newest is 4", shop.run("files", "shop.orders", "--snapshot", "9"));
        assertFailure("SNAPSHOT_NOT_FOUND", "the newest is 4", shop.run("tail", "shop.orders", "--from", "9"));
        assertUsage("'--snapshot'", shop.run("files", "shop.orders", "--snapshot", "first"));
        assertUsage("'--last'", shop.run("snapshots", "shop.orders", "--last", "0"));
        assertUsage("'--limit'", shop.run("tail", "shop.orders", "--limit", "0"));
        assertUsage("'--shape'", shop.run("tail", "shop.orders", "--shape", "half"));
        assertUsage("start 'noon' is none of", shop.run("tail", "shop.orders", "--from", "noon"));
        assertUsage(
                "start '99999999999999999999' is none of", shop.run("tail", "shop.orders", "--from", "9".repeat(20)));
        assertUsage("one statement is expected, not 2", shop.run("query", "SELECT 1; SELECT 2"));
        assertUsage(
                "does not exist",
                Answer.of(
                        "query", "SELECT 1", "--warehouse", shop.beside("none").toString()));
        Path file = Files.writeString(shop.beside("file"), "x");
        assertUsage("is no directory", Answer.of("tables", "--warehouse", file.toString()));
        assertFailure("BAD_OPTION_VALUE", "scheme", Answer.of("tables", "--warehouse", "ftp://host/x"));
    }

    @Test
    void aTableThatCannotBeReadDoesNotHideTheOthers() throws IOException {
        Path record = shop.directory().resolve("shop.db/orders/snapshot/%020d.json".formatted(4));
        Files.write(record, new byte[] {1, 2, 3});
        Answer answer = shop.run("tables");
        assertEquals(ExitCode.FAILURE, answer.code());
        assertTrue(answer.err().startsWith("error CORRUPT_FILE: shop.orders: "), answer.err());
        assertTrue(answer.out().contains("default.idle"), answer.out());
        assertFailure("CORRUPT_FILE", record.getFileName().toString(), shop.run("files", "shop.orders"));
    }

    /** Values with an escape sequence, a byte that some terminals take for its beginning, and DEL. */
    @Test
    void noControlCharacterLeavesAPipe() throws IOException {
        String evil = "red \u001b[31m\u009b31m\u007f\r\n";
        shop.write(writer -> {
            writer.write(RowKind.INSERT, ShopWarehouse.order(evil, 7, "7.00"));
            writer.commit(1);
        });
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
            assertPlain(command, shop.succeed(command.toArray(String[]::new)));
            if (command.size() < 3) {
                List<String> json = new ArrayList<>(command);
                json.add("--json");
                Answer answer = shop.succeed(json.toArray(String[]::new));
                assertPlain(json, answer);
                for (String line : answer.lines()) {
                    Answer.json(line);
                }
            }
        }
        String last = shop.succeed("tail", "shop.orders", "--from", "6", "--json")
                .lines()
                .get(0);
        assertEquals(evil, Answer.json(last).get("row").get("day").asText());
        assertPlain(List.of("tables", evil), shop.run("tables", evil));
    }

    private static void assertPlain(List<String> command, Answer answer) {
        String text = answer.out() + answer.err();
        assertTrue(
                text.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)),
                () -> command + " printed " + text);
    }
}
