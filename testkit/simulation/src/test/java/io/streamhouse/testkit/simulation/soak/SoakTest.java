package io.streamhouse.testkit.simulation.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.simulation.soak.Soak.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvn -Psoak -pl testkit/simulation -am test} runs an hour; {@code -Dstreamhouse.soak.minutes=3
 * -Dstreamhouse.soak.kill-seconds=5} less, and {@code -Dstreamhouse.soak.fault=} a run that has to fail: {@code
 * no-compaction}, {@code dropped-change}, {@code lost-row}, {@code lost-commit}, {@code hoarded-memory}.
 */
class SoakTest {
    @Test
    @Tag("soak")
    void theTableStaysRightAndItsCostsStayFlat() throws Exception {
        SoakPlan plan = SoakPlan.ofProperties(Seeds.of("soak"));
        check(plan, Soak.run(plan));
    }

    @Test
    @Tag("full")
    void theTableStaysRightForHalfAMinute(@TempDir Path directory) throws Exception {
        SoakPlan plan = new SoakPlan(
                Duration.ofSeconds(30),
                Duration.ofSeconds(3),
                Seeds.of("soak"),
                SoakFault.NONE,
                directory.resolve("s"));
        check(plan, Soak.run(plan));
    }

    private static void check(SoakPlan plan, Outcome outcome) {
        System.out.print(outcome.text());
        assertEquals(0, outcome.wrong(), () -> String.join("\n", outcome.complaints()));
        assertEquals(List.of(), outcome.growth());
        assertTrue(outcome.compactions() > 0, "nothing was compacted");
        assertTrue(outcome.rarestCheck() > 0, "a kind of comparison was never made");
        long cycles = plan.duration().dividedBy(plan.killEvery());
        assertTrue(outcome.kills() >= Math.max(1, cycles / 5), () -> "only %d kills".formatted(outcome.kills()));
        assertTrue(outcome.commits() > 3 * outcome.kills(), () -> "only %d commits".formatted(outcome.commits()));
    }
}
