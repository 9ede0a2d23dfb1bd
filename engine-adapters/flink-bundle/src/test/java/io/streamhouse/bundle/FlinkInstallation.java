package io.streamhouse.bundle;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A directory like an unpacked Flink: {@code lib}, {@code opt} and {@code conf}; the jars are links. */
final class FlinkInstallation {
    private static final String LOGGING = """
            rootLogger.level = INFO
            rootLogger.appenderRef.console.ref = console
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} %t - %m%n
            """;

    private final Path home;

    private FlinkInstallation(Path home) {
        this.home = home;
    }

    /** The jar that the build has just made; a test without it is skipped, and the build runs it again once it is there. */
    static Path bundle() {
        String path = System.getProperty("streamhouse.bundle");
        Assumptions.assumeTrue(path != null, "runs in phase integration-test, when the bundle is there");
        return Path.of(path);
    }

    /**
     * Unpacks Flink's own jars.
     *
     * @param more jars that the user has put into {@code lib}
     */
    static FlinkInstallation create(Path home, List<Path> more) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib"));
        Path opt = Files.createDirectories(home.resolve("opt"));
        String classPath = Files.readString(Path.of(System.getProperty("streamhouse.flink.class.path.file")));
        List<Path> jars = new ArrayList<>(more);
        for (String jar : classPath.strip().split(File.pathSeparator)) {
            jars.add(Path.of(jar));
        }
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            Files.createSymbolicLink((name.startsWith("flink-sql-gateway") ? opt : lib).resolve(name), jar);
        }
        return new FlinkInstallation(home);
    }

    Path home() {
        return home;
    }

    /** Writes a configuration directory and returns it. */
    Path configuration(String name, Map<String, String> settings) throws IOException {
        Path conf = Files.createDirectories(home.resolve(name));
        StringBuilder yaml = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> yaml.append(key)
                .append(": '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        Files.writeString(conf.resolve("config.yaml"), yaml);
        Files.writeString(conf.resolve("log4j.properties"), LOGGING);
        return conf;
    }

    /** Class path of a JobManager or TaskManager. */
    List<Path> lib() throws IOException {
        return jars("lib");
    }

    /** Class path of the SQL gateway, as Flink's script makes it. */
    List<Path> libAndGateway() throws IOException {
        List<Path> all = new ArrayList<>(jars("lib"));
        all.addAll(jars("opt"));
        return all;
    }

    private List<Path> jars(String directory) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve(directory))) {
            return files.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }
}
