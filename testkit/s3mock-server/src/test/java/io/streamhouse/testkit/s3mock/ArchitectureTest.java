package io.streamhouse.testkit.s3mock;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theModuleKeepsTheRulesOfTheHouse() {
        ArchitectureRules.check("io.streamhouse.testkit.s3mock");
    }
}
