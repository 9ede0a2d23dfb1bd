package io.streamhouse.storage.hadoop;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theModuleKeepsTheRulesOfTheHouse() {
        ArchitectureRules.check("io.streamhouse.storage.hadoop");
    }
}
