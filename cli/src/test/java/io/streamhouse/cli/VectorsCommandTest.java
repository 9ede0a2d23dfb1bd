package io.streamhouse.cli;

import static io.streamhouse.cli.ShopWarehouse.assertFailure;
import static io.streamhouse.cli.ShopWarehouse.assertUsage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command that writes deletion vectors says and what it leaves in its file. */
class VectorsCommandTest {
    private final ShopWarehouse shop;

    VectorsCommandTest(@TempDir Path directory) throws IOException {
        shop = ShopWarehouse.in(directory);
    }

    @Test
    void vectorsStandWhereTheyAreSaidToStand() throws IOException {
        Path file = shop.beside("orders.puffin");
        List<String> lines =
                shop.succeed("vectors", "shop.orders", "--out", file.toString()).lines();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(2).startsWith("snapshot 4: 1 vector of 2 superseded rows, "), lines.get(2));
        assertTrue(lines.get(2).endsWith(" in " + file), lines.get(2));
        Path again = shop.beside("again.puffin");
        Answer answer = shop.succeed("vectors", "shop.orders", "--snapshot", "3", "--json", "--out", again.toString());
        JsonNode json = Answer.json(answer.out());
        assertEquals(3, json.get("snapshot").asLong());
        assertEquals(
                List.of(
                        json.get("data_file").asText(),
                        json.get("offset").asText(),
                        json.get("length").asText(),
                        json.get("cardinality").asText()),
                Answer.words(lines.get(1)));
        // the update took one row of the first file and the deletion another
        Path dataFile = Path.of(URI.create(json.get("data_file").asText()));
        assertTrue(dataFile.startsWith(shop.directory()) && Files.isRegularFile(dataFile), dataFile.toString());
        try (ObjectStore store = ObjectStores.local(shop.directory().getParent())) {
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
        Path none = shop.beside("none.puffin");
        answer = shop.succeed("vectors", "shop.orders", "--snapshot", "2", "--out", none.toString());
        assertEquals(List.of("snapshot 2 has no superseded row in its files; nothing was written"), answer.lines());
        assertEquals(
                "",
                shop.succeed("vectors", "idle", "--json", "--out", none.toString())
                        .out());
        assertTrue(
                shop.succeed("vectors", "idle", "--out", none.toString()).out().contains("no snapshot yet"));
        assertFailure(
                "SNAPSHOT_NOT_FOUND",
                "the newest is 4",
                shop.run("vectors", "shop.orders", "--snapshot", "9", "--out", none.toString()));
        assertFailure("TABLE_NOT_FOUND", "nearest", shop.run("vectors", "shop.ordres", "--out", none.toString()));
        assertUsage("'--out=FILE'", shop.run("vectors", "shop.orders"));
        assertUsage(
                "no/x does not exist",
                shop.run(
                        "vectors", "shop.orders", "--out", shop.beside("no/x/f").toString()));
        byte[] before = Files.readAllBytes(file);
        assertUsage("exists already", shop.run("vectors", "shop.orders", "--out", file.toString()));
        assertUsage(
                "exists already",
                shop.run("vectors", "shop.orders", "--out", shop.directory().toString()));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertTrue(Files.notExists(none));
    }
}
