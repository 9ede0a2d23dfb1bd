package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The finished jar holds what it should, at its new place, and nothing else. */
class BundleJarTest {
    private static Path jar;

    @BeforeAll
    static void findTheJar() {
        jar = FlinkInstallation.bundle();
    }

    @Test
    void everyPackageIsOnTheList() throws IOException {
        assertEquals(Set.of(), BundleContents.foreign(jar));
    }

    @Test
    void nothingRefersToTheOldPlaceOfARelocatedLibrary() throws IOException {
        assertEquals(Set.of(), BundleContents.leftBehind(jar));
    }

    @Test
    void theCatalogIsFoundByItsType() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry services = file.getJarEntry("META-INF/services/org.apache.flink.table.factories.Factory");
            String text = new String(file.getInputStream(services).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("io.streamhouse.flink.StreamhouseCatalogFactory", text.strip());
        }
    }

    @Test
    void itSaysWhatItIsAndUnderWhichLicence() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String title = file.getManifest().getMainAttributes().getValue("Implementation-Title");
            assertTrue(title.startsWith("Streamhouse for Flink 2."), title);
            assertTrue(file.getJarEntry("META-INF/LICENSE").getSize() > 10_000);
            String notice = new String(
                    file.getInputStream(file.getJarEntry("META-INF/NOTICE")).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(notice.startsWith("Streamhouse"), notice);
        }
    }
}
