package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Clock, ids and seeds. */
class WorldTest {
    @Test
    void theClockStandsUntilItIsMoved() {
        ManualClock clock = ManualClock.atMillis(1_000);
        assertEquals(1_000, clock.millis());
        assertEquals(1_000, clock.millis());
        assertEquals(Instant.ofEpochMilli(3_000), clock.advance(Duration.ofSeconds(2)));
        assertEquals(3_000, clock.millis());
        clock.advance(Duration.ofSeconds(-1));
        assertEquals(2_000, clock.millis());
        clock.set(Instant.EPOCH);
        assertEquals(0, clock.millis());
    }

    @Test
    void idsRepeatThemselvesForOneSeedAndAreUuidsOfVersion4() {
        SeededIds one = new SeededIds(5);
        SeededIds same = new SeededIds(5);
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            UUID id = one.next();
            assertEquals(id, same.next());
            assertEquals(4, id.version());
            assertEquals(2, id.variant());
            seen.add(id);
        }
        assertEquals(10_000, seen.size());
        assertNotEquals(new SeededIds(5).next(), new SeededIds(6).next());
    }

    @Test
    void theSeedOfTheCommandLineWins() {
        String before = System.getProperty(Seeds.PROPERTY);
        try {
            System.clearProperty(Seeds.PROPERTY);
            assertEquals(7, Seeds.of("WorldTest", 7));
            System.setProperty(Seeds.PROPERTY, " -12 ");
            assertEquals(-12, Seeds.of("WorldTest", 7));
            assertEquals(-12, Seeds.of("WorldTest"));
            System.setProperty(Seeds.PROPERTY, "twelve");
            assertThrows(IllegalArgumentException.class, () -> Seeds.of("WorldTest"));
        } finally {
            if (before == null) {
                System.clearProperty(Seeds.PROPERTY);
            } else {
                System.setProperty(Seeds.PROPERTY, before);
            }
        }
    }

    @Test
    void derivedSeedsDiffer() {
        Set<Long> seeds = new HashSet<>();
        for (int run = 0; run < 100; run++) {
            for (int part = 0; part < 100; part++) {
                seeds.add(Seeds.derive(run, part));
            }
        }
        assertEquals(10_000, seeds.size());
        assertEquals(Seeds.derive(1, 2), Seeds.derive(1, 2));
    }
}
