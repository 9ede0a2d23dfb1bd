package io.streamhouse.testkit;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Also checks the two modules that this one stands on, which therefore cannot use its rules themselves. */
class ArchitectureTest {
    @ParameterizedTest
    @ValueSource(strings = {"io.streamhouse.spec", "io.streamhouse.storage", "io.streamhouse.testkit"})
    void theModuleKeepsTheRulesOfTheHouse(String rootPackage) {
        ArchitectureRules.check(rootPackage);
    }

    @Test
    void packagesOfTheModulesBelowAreDescribed() {
        ArchitectureRules.checkPackagesAreDescribed(Path.of("../../spec/src/main/java"));
        ArchitectureRules.checkPackagesAreDescribed(Path.of("../../storage/core/src/main/java"));
    }
}
