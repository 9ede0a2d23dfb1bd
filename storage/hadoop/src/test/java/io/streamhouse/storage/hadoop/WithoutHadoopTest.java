package io.streamhouse.storage.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The class path of a cluster that has our jar and no Hadoop. */
class WithoutHadoopTest {
    @Test
    void aWarehouseOnHdfsSaysWhatIsMissing() throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!new File(entry).getName().startsWith("hadoop-client")) {
                jars.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> provider = loader.loadClass(HadoopStoreProvider.class.getName());
            Object instance = provider.getConstructor().newInstance();
            InvocationTargetException e =
                    assertThrows(InvocationTargetException.class, () -> provider.getMethod("open", URI.class, Map.class)
                            .invoke(instance, URI.create("hdfs://localhost:1/a"), Map.of()));
            String message = e.getCause().getMessage();
            assertEquals(
                    "io.streamhouse.spec.StreamhouseException",
                    e.getCause().getClass().getName(),
                    message);
            assertTrue(message.startsWith("BAD_OPTION_VALUE"), message);
            assertTrue(message.contains("HADOOP_CLASSPATH"), message);
        }
    }
}
