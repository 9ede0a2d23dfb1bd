package io.streamhouse.testkit;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Probabilities of faults per call, 0 to 1; those of a mutating call add up to at most 1.
 *
 * @param byFault of a read: {@link Fault#FLIPPED_BIT}; of a listing: {@link Fault#STALE_LISTING}; of a mutating call: all
 *     others; what is absent never happens
 * @param readError of a call that changes nothing: {@link Fault#ERROR_BEFORE}
 */
public record FaultRates(Map<Fault, Double> byFault, double readError) {
    private static final Set<Fault> OF_READS = EnumSet.of(Fault.FLIPPED_BIT, Fault.STALE_LISTING);

    public static final FaultRates NONE = new FaultRates(Map.of(), 0);

    public FaultRates {
        byFault = Map.copyOf(byFault);
        byFault.values().forEach(FaultRates::check);
        check(readError);
        double mutating = 0;
        for (Map.Entry<Fault, Double> e : byFault.entrySet()) {
            mutating += OF_READS.contains(e.getKey()) ? 0 : e.getValue();
        }
        if (mutating > 1 + 1e-9) {
            throw new IllegalArgumentException("rates of mutating calls add up to %s".formatted(mutating));
        }
    }

    private static void check(double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate %s is not 0 to 1".formatted(rate));
        }
    }

    /** How often a call meets the fault if it is of the kind that {@link #byFault} names. */
    public double of(Fault fault) {
        return byFault.getOrDefault(fault, 0.0);
    }

    /** How often a mutating call meets the fault. */
    public double ofMutating(Fault fault) {
        return OF_READS.contains(fault) ? 0 : of(fault);
    }

    public FaultRates with(Fault fault, double rate) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(byFault);
        changed.put(fault, rate);
        return new FaultRates(changed, readError);
    }

    public FaultRates withReadError(double rate) {
        return new FaultRates(byFault, rate);
    }
}
