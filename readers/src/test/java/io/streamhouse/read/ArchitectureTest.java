package io.streamhouse.read;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theModuleKeepsTheHouseRules() {
        ArchitectureRules.check("io.streamhouse.read");
    }
}
