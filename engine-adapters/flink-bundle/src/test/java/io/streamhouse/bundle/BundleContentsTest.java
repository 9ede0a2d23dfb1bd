package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of the bundle notices what does not belong there. */
class BundleContentsTest {
    @TempDir
    Path directory;

    private Path jar(Map<String, String> entries) throws IOException {
        Path jar = directory.resolve("planted.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entriesOut = new JarOutputStream(out)) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                entriesOut.putNextEntry(new JarEntry(entry.getKey()));
                entriesOut.write(entry.getValue().getBytes(StandardCharsets.ISO_8859_1));
                entriesOut.closeEntry();
            }
        }
        return jar;
    }

    private Set<String> foreign(String... names) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        for (String name : names) {
            entries.put(name, "");
        }
        return BundleContents.foreign(jar(entries));
    }

    @Test
    void whatBelongsThereIsNotForeign() throws IOException {
        assertEquals(
                Set.of(),
                foreign(
                        "META-INF/MANIFEST.MF",
                        "META-INF/services/org.apache.flink.table.factories.Factory",
                        "io/streamhouse/flink/StreamhouseCatalogFactory.class",
                        "io/streamhouse/shaded/org/roaringbitmap/RoaringBitmap.class",
                        "com/github/luben/zstd/Zstd.class",
                        "linux/amd64/libzstd-jni-1.5.7-3.so"));
    }

    @Test
    void foreignPackagesAreCaught() throws IOException {
        assertEquals(
                Set.of("com/fasterxml/jackson/core", "org/slf4j", "org/apache/flink/api", "org/apache/hadoop/conf"),
                foreign(
                        "com/fasterxml/jackson/core/JsonFactory.class",
                        "org/slf4j/Logger.class",
                        "org/apache/flink/api/Planted.class",
                        "org/apache/hadoop/conf/Configuration.class"));
    }

    @Test
    void relocatedLibrariesThatNobodyDecidedOnAreCaught() throws IOException {
        assertEquals(
                Set.of("io/streamhouse/shaded/com/google/common", "io/streamhouse/shaded/com/github/luben/zstd"),
                foreign(
                        "io/streamhouse/shaded/com/google/common/Planted.class",
                        "io/streamhouse/shaded/com/github/luben/zstd/Zstd.class"));
    }

    @Test
    void modulesOfTestsAndToolsAreCaught() throws IOException {
        assertEquals(
                Set.of("io/streamhouse/testkit", "io/streamhouse/cli/demo"),
                foreign("io/streamhouse/testkit/Seeds.class", "io/streamhouse/cli/demo/Demo.class"));
    }

    @Test
    void filesAtTheTopAndServicesOfOthersAreCaught() throws IOException {
        assertEquals(
                Set.of("log4j2.properties", "META-INF/services/java.sql.Driver", "module-info.class"),
                foreign("log4j2.properties", "META-INF/services/java.sql.Driver", "module-info.class"));
    }

    @Test
    void referencesToTheOldPlaceAreCaught() throws IOException {
        Path jar = jar(Map.of(
                "io/streamhouse/flink/Good.class",
                "Lio/streamhouse/shaded/org/roaringbitmap/RoaringBitmap;"
                        + "Lio/streamhouse/shaded/parquet/com/fasterxml/jackson/core/JsonFactory;",
                "io/streamhouse/flink/Bad.class",
                "Lorg/roaringbitmap/RoaringBitmap;"));
        assertEquals(Set.of("org/roaringbitmap/ in io/streamhouse/flink/Bad.class"), BundleContents.leftBehind(jar));
    }
}
