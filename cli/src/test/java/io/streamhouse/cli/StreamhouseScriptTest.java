package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The root script against a tree of its own, with a Java and a Maven that only say what they were asked. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class StreamhouseScriptTest {
    private static final String FAKE_JAVA = """
            #!/bin/sh
            if [ "$1" = -version ]; then echo 'openjdk version "%s"' >&2; exit 0; fi
            echo "java $*"
            exit ${FAKE_EXIT:-0}
            """;
    private static final String FAKE_MAVEN = """
            #!/bin/sh
            case "$*" in *-version*) echo "Apache Maven %s"; echo "Java version: 17.0.1, vendor: x"; exit 0;; esac
            echo "mvn $*" >>"$FAKE_LOG"
            case "$*" in *verify*)
              mkdir -p a/target/surefire-reports b/c/target/surefire-reports
              [ -z "$FAKE_TESTS" ] || for i in a b/c; do
                printf '%%s\n' '<?xml version="1.0"?>' '<testsuite name="x &gt; y"' \
                  '  tests="'$FAKE_TESTS'" errors="0" skipped="1" failures="0"><testcase/></testsuite>' \
                  >$i/target/surefire-reports/TEST-x.xml
              done
              echo "[INFO] BUILD SUCCESS of the tests"
              exit ${FAKE_EXIT:-0};;
            esac
            echo "[INFO] Building Streamhouse :: spec 0.1.0-SNAPSHOT                 [2/14]"
            mkdir -p cli/target
            touch cli/target/streamhouse-cli-0.1.0-SNAPSHOT.jar
            printf '%%s' "$PWD/pom.xml" >cli/target/class-path.txt
            echo "[INFO] ${FAKE_BUILD:-BUILD SUCCESS}"
            """;

    @TempDir
    Path directory;

    private Path root;
    private Path bin;

    /** What the script answered; out holds stderr too. */
    private record Answer(int code, String out) {}

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectories(directory.resolve("a root"));
        bin = Files.createDirectories(directory.resolve("bin"));
        Files.copy(Path.of("..", "streamhouse"), root.resolve("streamhouse"));
        Files.setPosixFilePermissions(root.resolve("streamhouse"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.createDirectories(root.resolve("cli/src/main/java"));
        Files.writeString(root.resolve("cli/src/main/java/A.java"), "class A {}");
        for (String tool : "sed head cat mkdir rm find sort xargs cksum tr tee grep touch".split(" ")) {
            Path real = Stream.of("/bin", "/usr/bin")
                    .map(home -> Path.of(home, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            tool(tool, "#!/bin/sh\nexec %s \"$@\"\n".formatted(real));
        }
        tool("java", FAKE_JAVA.formatted("17.0.1"));
        tool("mvn", FAKE_MAVEN.formatted("3.8.7"));
    }

    @Test
    void buildsOnceAndAgainWhenASourceChanges() throws Exception {
        Answer first = run(Map.of(), "sql", "-f", "a b.sql");
        assertEquals(0, first.code(), first.out());
        assertTrue(first.out().contains("building module 2 of 14: spec"), first.out());
        assertTrue(first.out().contains("io.streamhouse.cli.Main sql -f a b.sql"), first.out());
        assertTrue(first.out().contains("-Xmx"), first.out());
        assertTrue(first.out().contains("-Dstreamhouse.terminal=false "), first.out());
        run(Map.of());
        assertEquals(1, mavenRuns());
        Files.writeString(root.resolve("cli/src/main/java/A.java"), "class A { int b; }");
        run(Map.of());
        assertEquals(2, mavenRuns());
        Files.delete(root.resolve("cli/src/main/java/A.java"));
        run(Map.of());
        assertEquals(3, mavenRuns());
        Files.delete(root.resolve("cli/target/class-path.txt"));
        run(Map.of());
        assertEquals(4, mavenRuns());
    }

    @Test
    void theExitCodeIsThatOfTheCommand() throws Exception {
        assertEquals(3, run(Map.of("FAKE_EXIT", "3"), "demo").code());
    }

    @Test
    void testIsMavensVerifyAndItsLastLineIsTheTotalOfAllModules() throws Exception {
        Answer answer = run(Map.of("FAKE_TESTS", "20"), "test", "-Pfull");
        assertEquals(0, answer.code(), answer.out());
        assertTrue(
                answer.out()
                        .endsWith("BUILD SUCCESS of the tests\nTests run: 40, Failures: 0, Errors: 0, Skipped: 2\n"),
                answer.out());
        assertEquals(
                "mvn -B -ntp -Dstyle.color=never verify -Pfull\n", Files.readString(directory.resolve("maven.log")));
    }

    @Test
    void theExitCodeOfTestIsMavensAndNoTestsAreNoSuccess() throws Exception {
        assertEquals(
                7, run(Map.of("FAKE_TESTS", "20", "FAKE_EXIT", "7"), "test").code());
        // the reports of the run before do not count
        Answer none = run(Map.of(), "test");
        assertEquals(1, none.code(), none.out());
        assertTrue(none.out().endsWith("Tests run: 0, Failures: 0, Errors: 0, Skipped: 0\n"), none.out());
    }

    @Test
    void aFailedBuildIsAnErrorAndIsTriedAgain() throws Exception {
        Answer answer = run(Map.of("FAKE_BUILD", "BUILD FAILURE"), "demo");
        assertEquals(1, answer.code());
        assertTrue(answer.out().contains("error BUILD: "), answer.out());
        run(Map.of());
        assertEquals(2, mavenRuns());
    }

    @Test
    void whatIsAbsentOrTooOldIsNamedWithTheWayToInstallIt() throws Exception {
        tool("mvn", FAKE_MAVEN.formatted("3.6.3"));
        assertRefused("Maven 3.6.3");
        Files.delete(bin.resolve("mvn"));
        assertRefused("no mvn found");
        tool("java", FAKE_JAVA.formatted("11.0.2"));
        assertRefused("Java 11");
        tool("java", FAKE_JAVA.formatted("1.8.0_392"));
        assertRefused("Java 1;");
        Files.delete(bin.resolve("java"));
        assertRefused("no java found");
    }

    private void assertRefused(String what) throws Exception {
        Answer answer = run(Map.of(), "demo");
        assertEquals(2, answer.code(), answer.out());
        assertTrue(answer.out().startsWith("error NO_"), answer.out());
        assertTrue(answer.out().contains(what), answer.out());
        assertTrue(answer.out().contains("apt-get install"), answer.out());
    }

    private long mavenRuns() throws IOException {
        return Files.readAllLines(directory.resolve("maven.log")).size();
    }

    private void tool(String name, String text) throws IOException {
        Path file = bin.resolve(name);
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs the script from another directory, as a user may. */
    private Answer run(Map<String, String> variables, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 2];
        command[0] = "/bin/bash";
        command[1] = root.resolve("streamhouse").toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(bin.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("FAKE_LOG", directory.resolve("maven.log").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), out);
    }
}
