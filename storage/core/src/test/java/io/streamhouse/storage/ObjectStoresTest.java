package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoresTest {
    @TempDir
    Path directory;

    @Test
    void theRootOfAPartOfAStoreIsItsDirectory() throws IOException {
        ObjectStore whole = ObjectStores.memory();
        ObjectStore part = new ScopedObjectStore(whole, "db/t");
        part.put("data/a", new byte[1]);
        whole.put("db/other", new byte[1]);
        assertEquals("data/a", part.list("").get(0).path());
        assertEquals(1, part.list("").size());
        assertEquals(List.of("data"), part.listDirectories(""));
        part.deleteDirectory("");
        assertEquals(-1, whole.size("db/t/data/a"));
        assertEquals(1, whole.size("db/other"));
    }

    @Test
    void aFileUriOpensThatDirectory() throws IOException {
        Path root = directory.resolve("with space");
        try (ObjectStore store = ObjectStores.open(root.toUri())) {
            store.put("a", new byte[] {1, 2});
            assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(root.resolve("a")));
            assertTrue(store.uri().startsWith("file:///") && store.uri().endsWith("/with%20space"), store.uri());
            assertArrayEquals(
                    new byte[] {1, 2},
                    ObjectStores.open(URI.create(store.uri())).read("a"));
        }
        assertEquals(
                2,
                ObjectStores.open(URI.create("file:" + root.toUri().getRawPath()))
                        .size("a"));
    }

    @Test
    void theUriIsTheSameBeforeAndAfterTheDirectoryExists() throws IOException {
        ObjectStore store = ObjectStores.local(directory.resolve("later"));
        String before = store.uri();
        store.put("a", new byte[1]);
        assertEquals(before, store.uri());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://key:secret@bucket/table", "hdfs://host/x", "memory:x", "FILES:///x", "jar:file:/x!/y"})
    void anotherSchemeIsRefusedByNameWithoutShowingTheRest(String uri) {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> ObjectStores.open(URI.create(uri)));
        assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
        String scheme = URI.create(uri).getScheme().toLowerCase(Locale.ROOT);
        assertTrue(e.getMessage().contains("'" + scheme + "'"), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/no/scheme",
                "relative",
                "file:relative",
                "file://host/path",
                "file:///path?query",
                "file:///path#part",
                "file:///a%00b"
            })
    void anUnusableUriIsABadOptionValue(String uri) {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> ObjectStores.open(URI.create(uri)));
        assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code(), e.getMessage());
    }

    @Test
    void anOptionThatADiskDoesNotKnowIsRefusedWithoutItsValue() {
        StreamhouseException e = assertThrows(
                StreamhouseException.class,
                () -> ObjectStores.open(directory.toUri(), Map.of("s3.secret-key", "very secret")));
        assertEquals(ErrorCode.UNKNOWN_OPTION, e.code());
        assertTrue(e.getMessage().contains("s3.secret-key") && !e.getMessage().contains("very"), e.getMessage());
    }

    @Test
    void openingTouchesNothing() throws IOException {
        Path root = directory.resolve("a/b");
        try (ObjectStore store = ObjectStores.local(root)) {
            assertEquals(0, store.list("").size());
            assertEquals(-1, store.size("x"));
            store.deleteDirectory("x");
        }
        assertFalse(Files.exists(directory.resolve("a")));
    }
}
