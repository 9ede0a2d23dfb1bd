package io.streamhouse.catalog;

import java.util.concurrent.atomic.LongAdder;

/** Running sums behind {@link PublishStats}. Thread-safe. */
final class ChainCounters {
    final LongAdder snapshots = new LongAdder();
    final LongAdder maskObjects = new LongAdder();
    final LongAdder manifestsSpilled = new LongAdder();
    final LongAdder manifestsMerged = new LongAdder();
    final LongAdder segmentsMerged = new LongAdder();
    final LongAdder mergesTakenIn = new LongAdder();
    final LongAdder hints = new LongAdder();
    final LongAdder conflicts = new LongAdder();
    final LongAdder readbacks = new LongAdder();

    PublishStats sums() {
        return new PublishStats(
                snapshots.sum(),
                maskObjects.sum(),
                manifestsSpilled.sum(),
                manifestsMerged.sum(),
                segmentsMerged.sum(),
                mergesTakenIn.sum(),
                hints.sum(),
                conflicts.sum(),
                readbacks.sum());
    }
}
