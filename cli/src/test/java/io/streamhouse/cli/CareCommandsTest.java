package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.spec.RowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that compact and prove a table. */
class CareCommandsTest {
    private final ShopWarehouse shop;

    CareCommandsTest(@TempDir Path directory) throws IOException {
        shop = ShopWarehouse.in(directory);
    }

    @Test
    void compactMergesAndSaysWhatItChecked() throws IOException {
        shop.write(writer -> {
            for (int commit = 1; commit <= 12; commit++) {
                for (long id = 1; id <= 50; id++) {
                    writer.write(RowKind.INSERT, ShopWarehouse.order("mon", id, commit + ".00"));
                }
                writer.commit(commit);
            }
        });
        long rows = Answer.json(shop.succeed("tables", "shop", "--json").out())
                .get("rows")
                .asLong();
        Answer answer = shop.succeed("compact", "shop.orders");
        assertTrue(
                answer.out().contains("digest over all columns were compared before each was published"), answer.out());
        assertTrue(answer.err().startsWith("compacting "), answer.err());
        JsonNode after = Answer.json(shop.succeed("tables", "shop", "--json").out());
        assertEquals(rows, after.get("rows").asLong());
        assertTrue(after.get("files").asLong() < 15, after.toString());
        assertTrue(shop.succeed("snapshots", "shop.orders").out().contains("compact"));
        assertEquals(
                0,
                Answer.json(shop.succeed("compact", "shop.orders", "--json").out())
                        .get("published")
                        .asInt());
        assertTrue(shop.succeed("compact", "shop.orders").out().contains("nothing is worth compacting"));
    }

    @Test
    void aSoundTableIsProvedAndADamagedOneIsNamed() throws IOException {
        assertEquals(
                "shop.orders is sound: snapshots 1 to 4, 3 data files of %s, all columns; 4 rows counted, 8 changes of the"
                                .formatted(bytesOf("data"))
                        + " changelog folded\n",
                shop.succeed("verify", "shop.orders", "--deep").out());
        assertTrue(
                shop.succeed("verify", "shop.orders", "--snapshot", "3").out().contains("3 rows counted"));
        JsonNode sound = Answer.json(
                shop.succeed("verify", "shop.orders", "--last", "2", "--json").out());
        assertTrue(sound.get("sound").booleanValue());
        assertEquals(3, sound.get("first_snapshot").longValue());

        Path file;
        try (Stream<Path> files = Files.list(shop.directory().resolve("shop.db/orders/data"))) {
            file = files.min(Comparator.comparing(Path::toString)).orElseThrow();
        }
        Files.delete(file);
        Answer answer = shop.run("verify", "shop.orders");
        assertEquals(ExitCode.PROOF_FAILED, answer.code());
        assertTrue(answer.out().startsWith("missing data/" + file.getFileName()), answer.out());
        assertTrue(answer.out().contains("  to do: restore data/" + file.getFileName()), answer.out());
        assertTrue(answer.out().contains("shop.orders is WRONG: 1 finding;"), answer.out());
        Answer json = shop.run("verify", "shop.orders", "--json");
        assertEquals(ExitCode.PROOF_FAILED, json.code());
        assertEquals("missing", Answer.json(json.lines().get(0)).get("kind").textValue());
        assertFalse(Answer.json(json.lines().get(1)).get("sound").booleanValue());

        Path schema = shop.directory().resolve("shop.db/orders/schema/0.json");
        byte[] bytes = Files.readAllBytes(schema);
        Files.write(schema, Arrays.copyOf(bytes, bytes.length / 2));
        Answer unopened = shop.run("verify", "shop.orders");
        assertEquals(ExitCode.PROOF_FAILED, unopened.code(), unopened.toString());
        assertTrue(unopened.out().startsWith("damaged schema/0.json"), unopened.out());
        assertTrue(unopened.out().contains("  to do: restore schema/0.json"), unopened.out());
        Files.write(schema, bytes);

        assertEquals(
                ExitCode.FAILURE,
                shop.run("verify", "shop.orders", "--snapshot", "77").code());
        assertEquals(
                ExitCode.USAGE,
                shop.run("verify", "shop.orders", "--snapshot", "0").code());
        assertEquals(
                ExitCode.USAGE,
                shop.run("verify", "shop.orders", "--snapshot", "1", "--last", "1")
                        .code());
        assertEquals(
                ExitCode.USAGE,
                shop.run("clean", "shop.orders", "--older-than", "soon").code());
        assertEquals(
                ExitCode.FAILURE,
                shop.run("clean", "shop.orders", "--older-than", "1 h").code());
    }

    private String bytesOf(String directory) throws IOException {
        long sum = 0;
        try (Stream<Path> files =
                Files.list(shop.directory().resolve("shop.db/orders").resolve(directory))) {
            for (Path file : files.toList()) {
                sum += Files.size(file);
            }
        }
        return String.format(Locale.ROOT, "%.1f KiB", sum / 1024.0);
    }
}
