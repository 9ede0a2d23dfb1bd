package io.streamhouse.testkit.hdfsserver;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theModuleKeepsTheRulesOfTheHouse() {
        ArchitectureRules.check("io.streamhouse.testkit.hdfsserver");
    }
}
