package io.streamhouse.compact;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theModuleKeepsTheHouseRules() {
        ArchitectureRules.check("io.streamhouse.compact");
    }
}
