package io.streamhouse.benchmarks.peers;

import io.streamhouse.testkit.ArchitectureRules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("bench")
class ArchitectureTest {
    @Test
    void theModuleKeepsTheHouseRules() {
        ArchitectureRules.check("io.streamhouse.benchmarks.peers");
    }
}
