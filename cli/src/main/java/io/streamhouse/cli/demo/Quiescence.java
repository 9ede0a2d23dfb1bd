package io.streamhouse.cli.demo;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells that nothing moves any more: every job has completed several checkpoints in a row and no table got a snapshot.
 *
 * <p>A job publishes nothing for an empty checkpoint, and a checkpoint passes only behind all that was read before it. So
 * what has not come by then will not come; unlike a time limit this holds on a machine of any speed. Not thread-safe.
 */
final class Quiescence {
    /** A look asks Flink for all that it knows of each job, so it is not for every round of a loop. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final TableReads reads;
    private final Jobs jobs;
    private final int emptyCheckpoints;
    private long nextLook = System.nanoTime();
    private Map<String, Long> snapshots = Map.of();
    private Map<Layer, Long> completed = Map.of();

    /**
     * @param emptyCheckpoints checkpoints in a row that count as "nothing moves"
     */
    Quiescence(TableReads reads, Jobs jobs, int emptyCheckpoints) {
        this.reads = reads;
        this.jobs = jobs;
        this.emptyCheckpoints = emptyCheckpoints;
    }

    /**
     * True once the last look that saw a new snapshot is enough checkpoints ago, for every job. Looks at most once a second;
     * between looks the answer is false.
     */
    boolean isReached() {
        if (System.nanoTime() - nextLook < 0) {
            return false;
        }
        nextLook = System.nanoTime() + PAUSE_NANOS;
        Map<String, Long> newest = new HashMap<>();
        Map<Layer, Long> now = new EnumMap<>(Layer.class);
        for (Layer layer : Layer.values()) {
            layer.tables()
                    .forEach(table -> newest.put(
                            table,
                            reads.latest(table)
                                    .map(TableReads.SnapshotFacts::id)
                                    .orElse(0L)));
            now.put(layer, jobs.completedCheckpoints(layer));
        }
        if (!newest.equals(snapshots)) {
            snapshots = newest;
            completed = now;
            return false;
        }
        return now.entrySet().stream()
                .allMatch(entry -> entry.getValue() - completed.get(entry.getKey()) >= emptyCheckpoints);
    }
}
