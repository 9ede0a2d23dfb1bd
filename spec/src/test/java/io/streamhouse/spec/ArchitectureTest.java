package io.streamhouse.spec;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bottom row: it imports nothing of ours, and its packages import each other in one direction. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.streamhouse.spec");

    private static ArchRule importsOnly(String... packages) {
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(packages);
    }

    @Test
    void specImportsNothingOfOurs() {
        importsOnly("java..", "io.streamhouse.spec..", "com.fasterxml.jackson..", "org.apache.commons.codec..")
                .check(CLASSES);
    }

    @Test
    void packagesImportEachOtherInOneDirection() {
        slices().matching("io.streamhouse.spec.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.streamhouse.spec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.streamhouse.spec.*..")
                .check(CLASSES);
    }

    @Test
    void timeAndChanceComeFromOutside() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        try (Stream<Path> files = Files.walk(Regenerated.file("src/main/java/io/streamhouse/spec"))) {
            List<Path> folders = files.filter(Files::isDirectory).toList();
            for (Path folder : folders) {
                assertTrue(Files.exists(folder.resolve("package-info.java")), folder::toString);
            }
        }
    }

    @Test
    void theRulesCanFail() {
        assertThrows(AssertionError.class, () -> importsOnly("java..", "io.streamhouse.spec..")
                .check(CLASSES));
    }
}
