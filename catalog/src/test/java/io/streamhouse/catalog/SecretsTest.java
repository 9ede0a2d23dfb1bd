package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A secret that was put where it does not belong stands in no message and in no object. */
class SecretsTest {
    private static final String CANARY = "cAnArY-7f3a9";
    private static final List<String> KEYS =
            List.of("s3.secret-key", "s3.access-key-x", "password", "fs.s3a.secret.key", "token");

    private final ObjectStore store = ObjectStores.memory();

    /** The error with all its causes must not show the secret. */
    private static void refusedInSilence(Executable action) {
        StreamhouseException e = assertThrows(StreamhouseException.class, action);
        StringWriter all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        assertFalse(all.toString().contains(CANARY), all::toString);
    }

    private void assertStoreIsSilent() throws IOException {
        for (ObjectInfo object : store.list("")) {
            String bytes = new String(store.read(object.path()), StandardCharsets.ISO_8859_1);
            assertFalse(object.path().contains(CANARY) || bytes.contains(CANARY), object.path());
        }
    }

    private static TableSchema with(TableSchema schema, String key) {
        Map<String, String> options = new HashMap<>(schema.options());
        options.put(key, CANARY);
        return new TableSchema(
                schema.id(), schema.highestFieldId(), schema.fields(), schema.layout(), options, schema.comment());
    }

    @Test
    void aSecretInTheOptionsOfATableIsNotRepeated() throws Exception {
        Catalog catalog = Catalogs.open(TestWorld.components(store, 1));
        catalog.createDatabase("shop", true);
        catalog.createTable(TestWorld.ORDERS, TestWorld.schema());
        for (String key : KEYS) {
            refusedInSilence(() -> catalog.createTable(TableName.of("shop", "t"), with(TestWorld.schema(), key)));
            refusedInSilence(() -> catalog.alterOptions(TestWorld.ORDERS, Map.of(key, CANARY), Set.of()));
        }
        assertStoreIsSilent();
        assertEquals(List.of("orders"), catalog.tables("shop"));
    }

    @Test
    void aSecretInTheAddressOrTheOptionsOfAWarehouseIsNotRepeated() {
        for (String uri : List.of(
                "ftp://user:" + CANARY + "@host/x",
                "file://user:" + CANARY + "@host/x",
                "file:user:" + CANARY + "@host/x",
                "//user:" + CANARY + "@host/x",
                "file:///x?key=" + CANARY,
                "file:///x#" + CANARY)) {
            refusedInSilence(() -> Catalogs.open(URI.create(uri), Map.of()));
        }
        for (String key : KEYS) {
            refusedInSilence(() -> Catalogs.open(URI.create("file:///tmp/x"), Map.of(key, CANARY)));
        }
    }

    @Test
    void aMessageOrAnObjectThatShowsTheSecretIsSeen() throws Exception {
        assertThrows(
                AssertionError.class,
                () -> refusedInSilence(() -> {
                    throw StreamhouseException.corrupt(CANARY, "planted");
                }));
        store.put("x", ("{" + CANARY + "}").getBytes(StandardCharsets.US_ASCII));
        assertThrows(AssertionError.class, this::assertStoreIsSilent);
    }
}
