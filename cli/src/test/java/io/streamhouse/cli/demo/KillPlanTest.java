package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.demo.KillPlan.Kill;
import io.streamhouse.cli.demo.KillPlan.Moment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KillPlanTest {
    @Test
    void everySeedHasFiveKillsInOrderAndOneOfThemHitsTheCorrection() {
        Set<Moment> hit = EnumSet.noneOf(Moment.class);
        for (long seed = 0; seed < 100; seed++) {
            List<Kill> kills = KillPlan.of(seed).kills();
            assertEquals(5, kills.size());
            double last = 0;
            for (Kill kill : kills) {
                assertTrue(kill.due() > last && kill.due() < 0.9, "seed " + seed + ": " + kills);
                last = kill.due();
            }
            List<Moment> special = kills.stream()
                    .map(Kill::moment)
                    .filter(m -> m != Moment.STREAM)
                    .toList();
            assertEquals(1, special.size(), "seed " + seed + ": " + kills);
            hit.addAll(special);
        }
        assertEquals(EnumSet.of(Moment.SWAP, Moment.UPDATE), hit);
    }

    @Test
    void aSeedDecidesAllOfIt() {
        assertEquals(KillPlan.of(42), KillPlan.of(42));
        assertNotEquals(KillPlan.of(42), KillPlan.of(43));
    }
}
