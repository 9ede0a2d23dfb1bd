package io.streamhouse.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The text of the format, its golden files and the code that names its sections belong together. */
class FormatTextTest {
    private static final Pattern REFERENCE = Pattern.compile("spec/([a-z-]+\\.md), section ([A-Z][A-Za-z ]*[a-z])");
    private static final List<String> TEXTS =
            List.of("glossary.md", "table.md", "lake.md", "log.md", "commit.md", "changelog-semantics.md");

    private static String text(String name) throws IOException {
        return Files.readString(Regenerated.file(name), StandardCharsets.UTF_8);
    }

    @Test
    void everySectionThatCodeNamesExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int seen = 0;
        try (Stream<Path> sources = Files.walk(Regenerated.file("src/main/java"))) {
            for (Path source :
                    sources.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher m = REFERENCE.matcher(Files.readString(source, StandardCharsets.UTF_8));
                while (m.find()) {
                    seen++;
                    if (!text(m.group(1)).contains("\n## " + m.group(2) + "\n")) {
                        missing.add(source.getFileName() + " names " + m.group());
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(seen > 10, "the pattern finds references");
    }

    @Test
    void everyGoldenFileIsDescribed() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : TEXTS) {
            all.append(text(name));
        }
        try (Stream<Path> files = Files.list(Regenerated.file("golden"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                // variants of one layout are named by their suffix
                String suffix = name.startsWith("delete-block-") ? name.substring("delete-block".length()) : name;
                assertTrue(all.indexOf(suffix) >= 0, name);
            }
        }
    }
}
