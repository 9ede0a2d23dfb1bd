package io.streamhouse.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store in one flavour.
 *
 * @param title in words
 * @param module directory of the module with its class path, below {@code benchmarks/peers}
 * @param type name of its {@link Peer}
 * @param flavour what the constructor is told
 * @param sideChecksums whether the checksums that Hadoop's local file system keeps in files beside ours stay; no object
 *     store has them
 * @param kinds kinds of files by their path below the directory
 */
record Contestant(
        String title, String module, String type, String flavour, boolean sideChecksums, UnaryOperator<String> kinds) {
    private static final String PAIMON = "io.streamhouse.benchmarks.peers.PaimonPeer";
    private static final String ICEBERG = "io.streamhouse.benchmarks.peers.iceberg.IcebergPeer";

    /** Those whose files are harmed. */
    static final List<Contestant> DAMAGED = List.of(
            ours("parquet"),
            ours("orc"),
            paimon("Parquet", "parquet"),
            paimon("ORC", "orc"),
            paimon("Parquet, deletion vectors", "vectors"),
            iceberg("Parquet", "parquet", true),
            iceberg("Parquet, no .crc files", "parquet", false),
            iceberg("ORC, no .crc files", "orc", false));

    /** Those that race. */
    static final List<Contestant> RACING =
            List.of(ours("parquet"), paimon("append table", "append"), iceberg("Parquet", "parquet", true));

    private static Contestant ours(String format) {
        return new Contestant(
                "Streamhouse, " + (format.equals("orc") ? "ORC" : "Parquet"),
                ".",
                "io.streamhouse.benchmarks.peers.StreamhousePeer",
                format,
                true,
                Contestant::kindOfOurs);
    }

    private static Contestant paimon(String words, String flavour) {
        return new Contestant("Paimon, " + words, ".", PAIMON, flavour, true, Contestant::kindOfPaimons);
    }

    private static Contestant iceberg(String words, String flavour, boolean sideChecksums) {
        return new Contestant(
                "Iceberg, " + words, "iceberg", ICEBERG, flavour, sideChecksums, Contestant::kindOfIcebergs);
    }

    private static String kindOfOurs(String path) {
        String directory = path.replaceFirst("^db\\.db/t/", "").replaceFirst("/.*", "");
        return path.endsWith("hint") ? "hint" : directory.equals("data") ? data(path) : directory;
    }

    private static String kindOfPaimons(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.equals("LATEST") || name.equals("EARLIEST")) {
            return "hint";
        }
        if (path.contains("/bucket-")) {
            return data(path);
        }
        // snapshot-3, schema-0, manifest-list-<uuid>-0, index-manifest-<uuid>-0, manifest-<uuid>-0, index-<uuid>-0
        Matcher m = Pattern.compile("(index-manifest|manifest-list|[a-z]+)-.*").matcher(name);
        return m.matches() ? m.group(1).replace('-', ' ').replaceFirst("^index$", "deletion vectors") : name;
    }

    private static String kindOfIcebergs(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.equals("version-hint.text")) {
            return "hint";
        }
        if (name.endsWith(".metadata.json")) {
            return "metadata";
        }
        if (name.endsWith(".avro")) {
            return name.startsWith("snap-") ? "manifest list" : "manifest";
        }
        return name.endsWith(".puffin") ? "deletion vectors" : data(path);
    }

    private static String data(String path) {
        return "data " + (path.endsWith(".orc") ? "ORC" : path.endsWith(".parquet") ? "Parquet" : "other");
    }

    /** The kind of a file. */
    String kindOf(String path) {
        return kinds.apply(path);
    }

    /** The class path of its JVMs; {@code peers} is the directory of {@code benchmarks/peers}. */
    String classPath(Path peers) throws IOException {
        Path target = peers.resolve(module).resolve("target").toAbsolutePath().normalize();
        Path classPath = target.resolve("classpath");
        if (!Files.exists(classPath)) {
            throw new IllegalStateException(
                    classPath + " is missing: build profile bench, module benchmarks/peers/iceberg");
        }
        // the comparison itself stands in the class path of the modules beside it
        return target.resolve("classes")
                + File.pathSeparator
                + Files.readString(classPath).strip();
    }

    /** Version of an artifact in a class path. */
    static String version(String classPath, String artifact) {
        Matcher m = Pattern.compile(Pattern.quote(artifact) + "-([0-9][0-9A-Za-z.]*?)\\.jar")
                .matcher(classPath);
        return m.find() ? m.group(1) : "?";
    }
}
