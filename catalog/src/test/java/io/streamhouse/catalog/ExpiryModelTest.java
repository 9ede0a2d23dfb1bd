package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.ExpiryModelHistory.Counters;
import io.streamhouse.testkit.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random histories with expiry: nothing is lost under all rules, and something is without any one of them. What it costs
 * if publishers or readers do not ask for the boundary shows faster with records deleted in any order and at once: {@link
 * ExpiryTest}.
 */
class ExpiryModelTest {
    private static final int HISTORIES = 40;

    @Test
    void expiryLosesNothing() throws Exception {
        Counters counters = new Counters();
        long seed = Seeds.of("ExpiryModelTest.all rules");
        assertEquals("", ExpiryModelHistory.firstViolation(seed, HISTORIES, Protections.ALL, counters));
        System.out.println("ExpiryModelTest: " + counters);
        assertTrue(counters.expired > 0 && counters.deleted > 0, counters.toString());
        assertTrue(counters.restarts > 0, counters.toString());
        assertTrue(counters.leased > 0 && counters.shortReads > 0, counters.toString());
    }

    private static void isCaught(Protection missing) throws Exception {
        long seed = Seeds.of("ExpiryModelTest." + missing);
        String found =
                ExpiryModelHistory.firstViolation(seed, 20 * HISTORIES, Protections.without(missing), new Counters());
        System.out.println("ExpiryModelTest without " + missing + ": " + found);
        assertTrue(!found.isEmpty(), missing.toString());
    }

    @Test
    void withoutABoundaryCommitsAreLost() throws Exception {
        isCaught(Protection.EXPIRY_PUBLISHES_BOUNDARY);
    }

    @Test
    void expiryThatIgnoresLeasesBreaksReaders() throws Exception {
        isCaught(Protection.EXPIRY_HEEDS_LEASES);
    }

    @Test
    void expiryThatDeletesBeforeTheGraceBreaksShortReaders() throws Exception {
        isCaught(Protection.EXPIRY_WAITS);
    }
}
