package io.streamhouse.testkit.simulation.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * How long and how hard.
 *
 * @param duration of the whole, from when every process is at work
 * @param killEvery time between two kills
 * @param seed of the changes and of the kills
 * @param fault what is done wrong on purpose
 * @param directory where everything is written
 */
record SoakPlan(Duration duration, Duration killEvery, long seed, SoakFault fault, Path directory) {
    /** Rows of one commit. */
    static final int ROWS = 400;

    /** Time between two commits of a job that is killed; of one that is not it is twice that. */
    static final Duration PACE = Duration.ofMillis(800);

    private static final Duration SHORTEST_RETAINED = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETAINED = Duration.ofMinutes(5);

    /** Shorter runs are judged for their answers only. */
    private static final Duration SHORTEST_FLAT = Duration.ofMinutes(1);

    /**
     * What a killed subscriber keeps from expiring ends with its lease, after ten minutes; before that the number of
     * snapshots cannot be steady.
     */
    private static final Duration LEASES_END = Duration.ofMinutes(12);

    private static final int MAX_KEYS = 100_000;

    /** Keys a second so that the table is nearly full after a third of the time. */
    private static final int KEYS_PER_SECOND = 80;

    /** The plan that the system properties ask for. */
    static SoakPlan ofProperties(long seed) {
        double minutes = Double.parseDouble(System.getProperty("streamhouse.soak.minutes", "60"));
        double kills = Double.parseDouble(System.getProperty("streamhouse.soak.kill-seconds", "20"));
        String fault = System.getProperty("streamhouse.soak.fault", "none");
        return new SoakPlan(
                Duration.ofMillis((long) (minutes * 60_000)),
                Duration.ofMillis((long) (kills * 1000)),
                seed,
                SoakFault.valueOf(fault.toUpperCase(Locale.ROOT).replace('-', '_')),
                Path.of(System.getProperty("streamhouse.soak.directory", "target/soak"))
                        .toAbsolutePath());
    }

    /** Keys that the changes are drawn from. */
    int keys() {
        return (int) Math.min(MAX_KEYS, KEYS_PER_SECOND * Math.max(20, duration.toSeconds()));
    }

    /** How far back the table can be read: longer than a killed subscriber needs to begin anew. */
    Duration retained() {
        Duration wanted = atMost(LONGEST_RETAINED, duration.dividedBy(4));
        return wanted.compareTo(SHORTEST_RETAINED) < 0 ? SHORTEST_RETAINED : wanted;
    }

    Duration sampleEvery() {
        return atMost(Duration.ofSeconds(10), duration.dividedBy(24));
    }

    /** Between two comparisons of the whole table with the model. */
    Duration compareEvery() {
        return atMost(Duration.ofSeconds(15), duration.dividedBy(12));
    }

    boolean judgesFlatness() {
        return duration.compareTo(SHORTEST_FLAT) >= 0;
    }

    /** Whether leases of killed subscribers end before the middle third begins. */
    boolean outlivesLeases() {
        return duration.dividedBy(3).compareTo(LEASES_END) >= 0;
    }

    Path warehouse() {
        return directory.resolve("warehouse");
    }

    private static Duration atMost(Duration most, Duration wanted) {
        return wanted.compareTo(most) < 0 ? wanted : most;
    }
}
