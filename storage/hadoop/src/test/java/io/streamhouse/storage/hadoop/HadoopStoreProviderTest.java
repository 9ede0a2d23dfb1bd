package io.streamhouse.storage.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopStoreProviderTest {
    @TempDir
    Path directory;

    @Test
    void opensWithoutACluster() {
        String uri = ObjectStores.open(URI.create("HDFS://localhost:1/a/b/")).uri();
        assertEquals("hdfs://localhost:1/a/b", uri);
        assertEquals(
                "hdfs://localhost:1",
                ObjectStores.open(URI.create("hdfs://localhost:1")).uri());
    }

    @Test
    void filesOfTheEnvironmentAreReadAndOptionsStandOverThem() throws IOException {
        Files.writeString(directory.resolve("core-site.xml"), site("fs.defaultFS", "hdfs://localhost:2"));
        Files.writeString(directory.resolve("hdfs-site.xml"), site("dfs.replication", "5"));
        Optional<String> environment = Optional.of(directory.toString());
        ClusterConfiguration plain = ClusterConfiguration.of(Map.of(), environment);
        assertEquals("hdfs://localhost:2/a", plain.open(URI.create("hdfs:///a")).uri());
        assertEquals("5", plain.configuration().get("dfs.replication"));
        ClusterConfiguration over = ClusterConfiguration.of(
                Map.of("hadoop.dfs.replication", "1", "hadoop.fs.defaultFS", "hdfs://localhost:3"), environment);
        assertEquals("hdfs://localhost:3/a", over.open(URI.create("hdfs:///a")).uri());
        assertEquals("1", over.configuration().get("dfs.replication"));
    }

    @Test
    void unknownOptionsAreRefusedByName() {
        for (String key : new String[] {"dfs.replication", "hadoop.", "s3.endpoint"}) {
            assertRefused(ErrorCode.UNKNOWN_OPTION, "'" + key + "'", "hdfs://localhost:1/a", Map.of(key, "canary"));
        }
    }

    @Test
    void aUriWithoutANameNodeIsRefused() {
        assertRefused(ErrorCode.BAD_OPTION_VALUE, "fs.defaultFS", "hdfs:///a", Map.of());
        assertRefused(ErrorCode.BAD_OPTION_VALUE, "nowhere.invalid", "hdfs://nowhere.invalid/a", Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs:a",
                "hdfs://user:canary@localhost:1/a",
                "hdfs://localhost:1/a?k=canary",
                "hdfs://localhost:1/a#canary"
            })
    void aUriOfAnotherFormIsRefusedAndNotShown(String uri) {
        assertRefused(ErrorCode.BAD_OPTION_VALUE, "hdfs://nameservice/directory", uri, Map.of());
    }

    /** Their renames let several writers win. */
    @Test
    void otherFileSystemsOfHadoopAreRefused() {
        for (String uri : new String[] {"s3a://bucket/a", "viewfs://cluster/a", "webhdfs://localhost:1/a"}) {
            assertRefused(ErrorCode.BAD_OPTION_VALUE, "known here: 'file', 'hdfs'", uri, Map.of());
        }
        assertRefused(
                ErrorCode.NO_COMMIT_PRIMITIVE,
                "LocalFs",
                "hdfs://localhost:1/a",
                Map.of("hadoop.fs.AbstractFileSystem.hdfs.impl", "org.apache.hadoop.fs.local.LocalFs"));
    }

    private static void assertRefused(ErrorCode code, String inMessage, String uri, Map<String, String> options) {
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> ObjectStores.open(URI.create(uri), options));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(inMessage), e.getMessage());
        assertFalse(e.getMessage().contains("canary"), e.getMessage());
    }

    private static String site(String name, String value) {
        return "<configuration><property><name>%s</name><value>%s</value></property></configuration>"
                .formatted(name, value);
    }
}
