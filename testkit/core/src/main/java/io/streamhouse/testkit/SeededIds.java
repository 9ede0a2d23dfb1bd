package io.streamhouse.testkit;

import io.streamhouse.storage.IdSource;
import java.util.SplittableRandom;
import java.util.UUID;

/** UUIDs of version 4 that are the same sequence for the same seed. Thread-safe. */
public final class SeededIds implements IdSource {
    private final SplittableRandom random;

    public SeededIds(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public synchronized UUID next() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(high, low);
    }
}
