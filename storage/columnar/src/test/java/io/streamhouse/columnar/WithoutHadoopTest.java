package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Writing and reading need no class of Hadoop: the tests' class path holds them, a product's does not. */
class WithoutHadoopTest {
    /** Runs in the class loader that has no Hadoop. */
    public static final class RoundTrip implements Runnable {
        @Override
        public void run() {
            try {
                ParquetFormatTest test = new ParquetFormatTest();
                ModelRows model = ModelRows.random(new Random(1), ModelRows.allTypes(true), 2000);
                try (ColumnFileReader in = test.open(test.write(model), model.fields)) {
                    if (in.next() == null) {
                        throw new AssertionError("no rows");
                    }
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void filesAreWrittenAndReadWithoutAnyOfItsClasses() throws Exception {
        try (URLClassLoader loader = withoutHadoop()) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.apache.hadoop.conf.Configuration"));
            Class<?> roundTrip = loader.loadClass(RoundTrip.class.getName());
            ((Runnable) roundTrip.getDeclaredConstructor().newInstance()).run();
        }
    }

    private static URLClassLoader withoutHadoop() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!new File(entry).getName().startsWith("hadoop-client")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
