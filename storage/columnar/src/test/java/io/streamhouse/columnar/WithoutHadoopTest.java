package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileFormat;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Parquet needs no class of Hadoop or ORC: the tests' class path holds them, a product's need not. */
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

    /** Runs there too. */
    public static final class OrcFile implements Runnable {
        @Override
        public void run() {
            StreamhouseException e = FormatContract.assertCode(
                    ErrorCode.BAD_OPTION_VALUE, () -> new OrcFormatTest().writer(ModelRows.allTypes(true), Set.of()));
            assertTrue(e.getMessage().contains("orc-core"), e.getMessage());
            FormatContract.assertCode(ErrorCode.BAD_OPTION_VALUE, () -> ColumnFiles.requireFormat(FileFormat.ORC));
        }
    }

    @Test
    void anOrcFileSaysWhichJarsItNeeds() throws Exception {
        try (URLClassLoader loader = withoutHadoop()) {
            Class<?> orcFile = loader.loadClass(OrcFile.class.getName());
            ((Runnable) orcFile.getDeclaredConstructor().newInstance()).run();
        }
    }

    @Test
    void filesAreWrittenAndReadWithoutAnyOfItsClasses() throws Exception {
        try (URLClassLoader loader = withoutHadoop()) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.apache.hadoop.conf.Configuration"));
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.apache.orc.OrcFile"));
            Class<?> roundTrip = loader.loadClass(RoundTrip.class.getName());
            ((Runnable) roundTrip.getDeclaredConstructor().newInstance()).run();
        }
    }

    private static URLClassLoader withoutHadoop() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String jar = new File(entry).getName();
            if (!jar.startsWith("hadoop-client") && !jar.startsWith("orc-") && !jar.startsWith("aircompressor")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
