package io.streamhouse.testkit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Decides the fate of each call of a {@link FaultyObjectStore}. Called by one thread at a time. */
@FunctionalInterface
public interface FaultPolicy {
    /** The fault of this call; one that does not fit the call is ignored. */
    Optional<Fault> next(StoreCall call, String path);

    /** After how many further calls an {@link Fault#APPLIED_LATER} is applied; at least 1. */
    default int delayCalls() {
        return 3;
    }

    /** Which of so many bits a {@link Fault#FLIPPED_BIT} turns over. */
    default int flippedBit(int bits) {
        return bits / 2;
    }

    /** Nothing ever fails. */
    static FaultPolicy none() {
        return (call, path) -> Optional.empty();
    }

    /** Random faults, the same for the same seed and sequence of calls. */
    static FaultPolicy random(long seed, FaultRates rates) {
        return new RandomFaultPolicy(seed, rates);
    }

    /** One fault: at the n-th call (from 1) of this kind whose path contains the text. */
    static FaultPolicy at(int occurrence, StoreCall call, String pathPart, Fault fault) {
        AtomicInteger seen = new AtomicInteger();
        return (actual, path) -> actual == call && path.contains(pathPart) && seen.incrementAndGet() == occurrence
                ? Optional.of(fault)
                : Optional.empty();
    }
}
