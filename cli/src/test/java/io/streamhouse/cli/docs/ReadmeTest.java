package io.streamhouse.cli.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.sql.ScriptRunner;
import io.streamhouse.cli.sql.StatementSplitter;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows runs, what it claims a test shows, and what it links to is there. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path directory;

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static String sqlOfReadme() throws IOException {
        String text = readme();
        int start = text.indexOf("```sql\n") + "```sql\n".length();
        return text.substring(start, text.indexOf("```", start));
    }

    private static String withoutComments(String sql) {
        return sql.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    }

    private static Set<String> matches(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map((MatchResult m) -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void readmeAndTheExampleFileHoldTheSameTenStatements() throws IOException {
        String file = withoutComments(Files.readString(ROOT.resolve("examples/first.sql")));
        assertEquals(file, withoutComments(sqlOfReadme()));
        assertEquals(10, StatementSplitter.split(file).size());
    }

    @Test
    void theTenStatementsRun() throws IOException {
        StringWriter text = new StringWriter();
        Path warehouse = directory.resolve("warehouse");
        try (EmbeddedFlink flink = EmbeddedFlink.start(RunDirectory.claim(directory.resolve("run")), 2);
                ScriptRunner runner = new ScriptRunner(flink, new PrintWriter(text))) {
            runner.prepare(
                    WarehouseCatalog.parse(warehouse.toString(), Map.of()).statements());
            runner.run(StatementSplitter.split(sqlOfReadme()));
        }
        List<String> rows = text.toString()
                .lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.replaceAll("[ |]+", " ").strip())
                .toList();
        String heading = "id customer amount";
        List<String> expected = List.of(
                heading,
                "1 ann 10.00",
                "2 bob 25.00",
                "3 cid 7.50",
                heading,
                "1 ann 10.00",
                "2 bob 20.00",
                "customer total",
                "ann 10.00",
                "bob 25.00",
                "snapshot_id commit_kind row_count",
                "1 APPEND 2",
                "2 APPEND 3");
        assertEquals(expected, rows.subList(0, expected.size()), text.toString());
        List<String> changes = rows.subList(expected.size() + 1, rows.size());
        assertEquals(
                List.of("+I 1 ann 10.00", "+I 2 bob 20.00", "+I 3 cid 7.50", "+U 2 bob 25.00", "-U 2 bob 20.00"),
                changes.stream().sorted().toList(),
                text.toString());
    }

    @Test
    void everyTestThatAFeatureNamesExists() throws IOException {
        Set<String> named = matches("`([A-Z][A-Za-z]*(?:Test|Contract))`", readme());
        assertTrue(named.size() > 10, named.toString());
        named.removeAll(ArchitectureDocTest.testClasses());
        assertEquals(Set.of(), named);
    }

    @Test
    void everyLinkOfTheDocumentsLeadsToAFile() throws IOException {
        for (String document : List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/status.md")) {
            Path file = ROOT.resolve(document);
            for (String link : matches("\\]\\(([^)#]+)\\)", Files.readString(file))) {
                assertTrue(
                        link.startsWith("https://") || Files.exists(file.resolveSibling(link)),
                        document + " links to " + link);
            }
        }
    }

    @Test
    void everyDecisionHasItsSections() throws IOException {
        try (var files = Files.list(ROOT.resolve("docs/adr"))) {
            List<Path> decisions = files.sorted().toList();
            assertTrue(decisions.size() >= 10, decisions.toString());
            for (Path decision : decisions) {
                String text = Files.readString(decision);
                String number = decision.getFileName().toString().substring(0, 4);
                assertTrue(text.startsWith("# " + number + " "), decision.toString());
                for (String section : List.of("Status", "Context", "Decision", "Consequences", "Alternatives")) {
                    assertTrue(text.contains("**" + section + "** "), section + " in " + decision);
                }
            }
        }
    }
}
