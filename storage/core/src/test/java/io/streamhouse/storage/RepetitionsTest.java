package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class RepetitionsTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    /** A race that is lost once. */
    static class Flaky {
        static final AtomicInteger RUNS = new AtomicInteger();

        @Racing
        void isRightNearlyAlways() {
            assertNotEquals(7, RUNS.incrementAndGet());
        }

        @Test
        void isNoRace() {
            throw new AssertionError("not tagged");
        }
    }

    @Test
    void oneFailureInManyRepetitionsIsTold() {
        Flaky.RUNS.set(0);
        TestExecutionSummary once = run(1);
        assertEquals(1, once.getTestsSucceededCount());
        Flaky.RUNS.set(0);
        TestExecutionSummary often = run(20);
        assertEquals(20, often.getTestsFoundCount());
        assertEquals(19, often.getTestsSucceededCount());
        assertEquals(1, often.getTestsFailedCount());
    }

    private static TestExecutionSummary run(int repetitions) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(Flaky.class))
                .filters(TagFilter.includeTags("concurrency"))
                .configurationParameter(Repetitions.COUNT, Integer.toString(repetitions))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary();
    }

    /** For the command as a whole: with {@code -Dstreamhouse.planted-flake=true} its second repetition fails. */
    @Racing
    void aPlantedFailureFailsTheBuild() {
        assertNotEquals(2, Boolean.getBoolean("streamhouse.planted-flake") ? RUNS.incrementAndGet() : 0);
    }
}
