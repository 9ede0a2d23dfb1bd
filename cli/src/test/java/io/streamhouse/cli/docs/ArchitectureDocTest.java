package io.streamhouse.cli.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md names what there is: its classes, their members, its modules. */
class ArchitectureDocTest {
    private static final Path ROOT = Path.of("..");

    /** A class, perhaps with a member or a nested class: {@code Memtable}, {@code Memtable.seal}. */
    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*)(?:\\.([A-Za-z0-9]+))?`");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.streamhouse");

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    }

    /** Names in backticks that no class of ours bears; tests are found among the sources. */
    private static Set<String> unknown(String text) throws IOException {
        Set<String> tests = testClasses();
        return NAME.matcher(text)
                .results()
                .filter(name -> !tests.contains(name.group(1)) && !isKnown(name))
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isKnown(MatchResult name) {
        Collection<JavaClass> found = CLASSES.stream()
                .filter(c -> c.getSimpleName().equals(name.group(1)))
                .toList();
        return name.group(2) == null ? !found.isEmpty() : found.stream().anyMatch(c -> hasMember(c, name.group(2)));
    }

    private static boolean hasMember(JavaClass type, String name) {
        return type.getMethods().stream().anyMatch(m -> m.getName().equals(name))
                || type.getFields().stream().anyMatch(f -> f.getName().equals(name))
                || CLASSES.contain(type.getName() + "$" + name);
    }

    static Set<String> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(Path::toString)
                    .filter(f -> f.contains("/src/test/java/") && f.endsWith(".java"))
                    .map(f -> f.substring(f.lastIndexOf('/') + 1, f.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void everyNamedClassAndMemberExists() throws IOException {
        assertEquals(Set.of(), unknown(document()));
    }

    @Test
    void everyWalkNamesManyClasses() throws IOException {
        List<String> walks = List.of(document().split("\n## ")).stream()
                .filter(section -> section.startsWith("Walk "))
                .toList();
        assertEquals(5, walks.size());
        for (String walk : walks) {
            long names = NAME.matcher(walk)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .count();
            assertTrue(names >= 5, walk);
        }
    }

    @Test
    void aNameThatIsGoneIsNoticed() throws IOException {
        assertEquals(
                Set.of("`Memtable.sealed`", "`NoSuchClass`", "`SnapshotKind.COMPACTED`"),
                unknown(
                        "`Memtable.sealed` `NoSuchClass` `Memtable.seal` `SnapshotKind.COMPACTED` `SnapshotKind.COMPACT`"));
    }

    @Test
    void everyModuleOfTheBuildIsInTheTable() throws IOException {
        String document = document();
        Pattern module = Pattern.compile("<module>([^<]+)</module>");
        List<String> modules = module.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertTrue(modules.size() > 10, modules.toString());
        for (String m : modules) {
            assertTrue(document.contains("`" + m + "`"), m + " is not in ARCHITECTURE.md");
        }
    }
}
