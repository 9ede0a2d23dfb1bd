package io.streamhouse.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** What a bundle jar may hold, and what it may refer to. */
final class BundleContents {
    private static final String SHADED = "io/streamhouse/shaded/";

    /** Modules of ours that a Flink job needs; nothing of tests, benchmarks or the command line. */
    private static final List<String> OWN =
            List.of("spec", "storage", "columnar", "lake", "log", "catalog", "write", "read", "compact", "flink");

    private static final List<String> RELOCATED = List.of(
            "com/fasterxml/jackson/",
            "com/github/benmanes/caffeine/",
            "org/apache/commons/codec/",
            "org/apache/parquet/",
            "org/locationtech/jts/",
            "org/roaringbitmap/",
            "parquet/com/fasterxml/jackson/",
            "parquet/it/unimi/dsi/fastutil/",
            "parquet/net/openhft/hashing/",
            "parquet/org/apache/thrift/");

    /** Native code finds its Java side by name, so zstd-jni stays where it is. */
    private static final Pattern ZSTD = Pattern.compile("com/github/luben/zstd/.+\\.class"
            + "|(aix|darwin|freebsd|linux|win)/[a-z0-9_]+/libzstd-jni-[0-9.-]+\\.(so|dylib|dll)");

    private static final Pattern META = Pattern.compile("META-INF/("
            + "MANIFEST\\.MF|LICENSE|NOTICE|(FastDoubleParser|FastDoubleParser-ThirdParty|Schubfach|thirdparty)-(LICENSE|NOTICE)"
            + "|services/org\\.apache\\.flink\\.table\\.factories\\.Factory"
            + "|services/io\\.streamhouse\\.(storage\\.ObjectStoreProvider|shaded\\.[A-Za-z0-9.]+))");

    /** Old places of relocated libraries, as class files refer to them; dotted names in texts link nothing. */
    private static final List<String> OLD_PLACES = List.of(
            "com/fasterxml/jackson/",
            "com/github/benmanes/",
            "org/apache/commons/codec/",
            "org/apache/parquet/",
            "org/locationtech/jts/",
            "org/roaringbitmap/",
            "shaded/parquet/");

    private BundleContents() {}

    /** Entries of the jar that are on no list, each as its package or, outside of packages, its name. */
    static SortedSet<String> foreign(Path jar) throws IOException {
        SortedSet<String> out = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!entry.isDirectory() && !isAllowed(name)) {
                    out.add(
                            name.endsWith(".class") && name.contains("/")
                                    ? name.substring(0, name.lastIndexOf('/'))
                                    : name);
                }
            }
        }
        return out;
    }

    private static boolean isAllowed(String name) {
        if (name.startsWith(SHADED)) {
            return RELOCATED.stream().anyMatch(library -> name.startsWith(library, SHADED.length()));
        }
        return OWN.stream().anyMatch(module -> name.startsWith("io/streamhouse/" + module + "/"))
                || ZSTD.matcher(name).matches()
                || META.matcher(name).matches();
    }

    /** References to the old place of a relocated library that classes of the jar still hold. */
    static SortedSet<String> leftBehind(Path jar) throws IOException {
        SortedSet<String> out = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                        for (String place : OLD_PLACES) {
                            if (refersTo(bytes, place)) {
                                out.add(place + " in " + entry.getName());
                            }
                        }
                    }
                }
            }
        }
        return out;
    }

    private static boolean refersTo(String bytes, String place) {
        for (int at = bytes.indexOf(place); at >= 0; at = bytes.indexOf(place, at + 1)) {
            boolean relocated = bytes.startsWith(SHADED, at - SHADED.length())
                    || bytes.startsWith(SHADED + "parquet/", at - SHADED.length() - "parquet/".length())
                    || place.startsWith("shaded/")
                            && bytes.startsWith("io/streamhouse/", at - "io/streamhouse/".length());
            if (!relocated) {
                return true;
            }
        }
        return false;
    }
}
