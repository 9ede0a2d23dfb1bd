package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.planted.lake.Lake;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule against a small house in which one class breaks it: the rule must name that class, and no good one. */
class ArchitectureRulesTest {
    private static final String HOUSE = "io.streamhouse.testkit.planted";
    private static final String LAKE = HOUSE + ".lake";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(HOUSE);

    private final ArchitectureRules rules = new ArchitectureRules(CLASSES, HOUSE);

    @Test
    void anImportUpwardsBreaksTheLayers() {
        assertBrokenBy(rules.layers(HOUSE + ".spec"), Set.of("LooksUp"));
    }

    @Test
    void anImportOfANeighbourBreaksTheLayersEvenAsAnArray() {
        assertBrokenBy(rules.layers(LAKE), Set.of("KnowsNeighbour"));
    }

    @Test
    void aClassOfNoKnownModuleBreaksTheLayers() {
        assertBrokenBy(rules.layers(HOUSE + ".cellar"), Set.of("Forgotten"));
    }

    @Test
    void onlyRootPackagesAndOpenedOnesAreDoors() {
        assertBrokenBy(rules.doorsOnly(LAKE), Set.of("ClimbsIn"));
        assertFalse(violations(rules.doorsOnly(LAKE)).contains("OpenWord"));
    }

    @Test
    void aRootAndAChildThatImportEachOtherAreACycle() {
        String cycle = violations(rules.noPackageCycles(HOUSE + ".log"));
        assertTrue(cycle.contains("log.block.Block") && cycle.contains("log.Log"), cycle);
        assertEquals("", violations(rules.noPackageCycles(LAKE)));
    }

    @Test
    void everyWayToTimeChanceAndThreadsIsFound() throws ClassNotFoundException {
        String found = violations(rules.injectedTimeChanceAndThreads(LAKE));
        Set<String> missed = new TreeSet<>();
        for (Method method : Class.forName(LAKE + ".Clocked").getDeclaredMethods()) {
            boolean written = !method.isSynthetic();
            if (written && !found.contains("Clocked." + method.getName() + "(")) {
                missed.add(method.getName());
            }
        }
        // A lambda's body is reported under the method that holds it, or under the compiler's name for it.
        missed.removeIf(name -> found.contains("lambda$" + name + "$"));
        assertEquals(Set.of(), missed, found);
        assertFalse(found.contains("Lake.good"), found);
    }

    @Test
    void anEngineBelowTheRimIsFound() {
        assertBrokenBy(rules.enginesAtTheRim(LAKE), Set.of("KnowsEngine"));
    }

    @Test
    void emptyNamesAreFound() {
        assertBrokenBy(rules.names(LAKE), Set.of("LakeUtils", "AbstractLake"));
    }

    @Test
    void namelessErrorsAreFound() {
        String found = violations(rules.errorsHaveACode(LAKE));
        assertTrue(found.contains("Throws.nameless()"), found);
        assertEquals(1, found.lines().filter(line -> line.contains("Throws")).count(), found);
    }

    @Test
    void theWholeCheckFailsForAModuleThatBreaksARule() {
        for (String module : List.of("spec", "lake", "log", "cellar")) {
            assertThrows(AssertionError.class, () -> rules.checkAll(HOUSE + "." + module), module);
        }
        assertThrows(AssertionError.class, () -> rules.checkAll(HOUSE + ".nothing"));
    }

    @Test
    void mainClassesAreThoseWithoutTests() {
        JavaClasses main = ArchitectureRules.mainClasses();
        assertTrue(main.contain(FaultyObjectStore.class));
        assertTrue(main.contain(ObjectStore.class));
        assertFalse(main.contain(ArchitectureRulesTest.class));
        assertFalse(main.contain(Lake.class));
    }

    @Test
    void aPackageWithoutItsDescriptionIsFound(@TempDir Path sources) throws IOException {
        Path described = Files.createDirectories(sources.resolve("a/b"));
        Files.createFile(described.resolve("Word.java"));
        Files.createFile(described.resolve("package-info.java"));
        ArchitectureRules.checkPackagesAreDescribed(sources);
        Path bare = Files.createDirectories(sources.resolve("a/bare"));
        Files.createFile(bare.resolve("Word.java"));
        AssertionError e =
                assertThrows(AssertionError.class, () -> ArchitectureRules.checkPackagesAreDescribed(sources));
        assertTrue(e.getMessage().contains("bare") && !e.getMessage().contains("a/b,"), e.getMessage());
    }

    private static void assertBrokenBy(ArchRule rule, Set<String> guilty) {
        Set<String> named = new TreeSet<>();
        rule.evaluate(CLASSES)
                .handleViolations((Collection<JavaClass> types, String message) ->
                        types.forEach(type -> named.add(type.getSimpleName())));
        assertEquals(new TreeSet<>(guilty), named, () -> violations(rule));
    }

    private static String violations(ArchRule rule) {
        return String.join("\n", rule.evaluate(CLASSES).getFailureReport().getDetails());
    }
}
