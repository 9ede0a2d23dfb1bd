package io.streamhouse.flink.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.ObjectStoreProvider;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The finished jar: all that a warehouse on S3 needs beside the bundle, and nothing that the bundle has. */
class S3JarTest {
    private static final long MAX_BYTES = 16L << 20;

    private final File jar = new File(System.getProperty("streamhouse.s3.jar"));

    @Test
    void itHoldsNothingThatTheBundleOrFlinkHas() throws IOException {
        try (JarFile file = new JarFile(jar)) {
            List<String> strangers = file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.startsWith("io/streamhouse/storage/s3/")
                            && !name.startsWith("software/amazon/")
                            && !name.startsWith("org/apache/hc/")
                            && !name.startsWith("org/reactivestreams/"))
                    .toList();
            assertEquals(List.of(), strangers);
        }
        assertTrue(jar.length() < MAX_BYTES, () -> jar.length() + " bytes");
    }

    @Test
    void itsStoreOpensAndSendsRequests() throws Exception {
        // the SDK from the jar alone; the interfaces come from the parent, as from the bundle
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toURI().toURL()}, new ParentOfFlink())) {
            ObjectStoreProvider provider = ServiceLoader.load(ObjectStoreProvider.class, loader)
                    .findFirst()
                    .orElseThrow();
            assertEquals(loader, provider.getClass().getClassLoader());
            try (var store = provider.open(
                    URI.create("s3://bucket/x"),
                    Map.of("s3.endpoint", "http://127.0.0.1:1", "s3.access-key", "key", "s3.secret-key", "secret"))) {
                assertEquals("UNKNOWN", store.putIfAbsent("a", new byte[1]).name());
            }
        }
    }

    /** All classes of the tests but those that stand in the jar. */
    private static final class ParentOfFlink extends ClassLoader {
        ParentOfFlink() {
            super(S3JarTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean inTheJar = name.startsWith("io.streamhouse.storage.s3.")
                    || name.startsWith("software.amazon.")
                    || name.startsWith("org.apache.hc.")
                    || name.startsWith("org.reactivestreams.");
            if (inTheJar) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/io.streamhouse")
                    ? Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }
}
