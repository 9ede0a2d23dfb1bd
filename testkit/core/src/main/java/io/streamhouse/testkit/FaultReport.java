package io.streamhouse.testkit;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a faulty store did so far, over all its connections.
 *
 * @param calls calls that reached it
 * @param injected faults by kind; kinds that did not occur are absent
 * @param appliedUnanswered faults {@link Fault#RESPONSE_LOST} whose call did change the store
 */
public record FaultReport(long calls, Map<Fault, Long> injected, long appliedUnanswered) {
    public FaultReport {
        injected = Map.copyOf(injected);
    }

    public long count(Fault fault) {
        return injected.getOrDefault(fault, 0L);
    }

    /** All faults. */
    public long total() {
        return injected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Share, 0 to 1, of the faults whose answer was lost after the store had applied the call; 0 without faults. */
    public double shareAppliedUnanswered() {
        return total() == 0 ? 0 : (double) appliedUnanswered / total();
    }

    /** The sum of two reports, for the total of many histories. */
    public FaultReport plus(FaultReport other) {
        Map<Fault, Long> sum = new EnumMap<>(Fault.class);
        sum.putAll(injected);
        other.injected.forEach((fault, count) -> sum.merge(fault, count, Long::sum));
        return new FaultReport(calls + other.calls, sum, appliedUnanswered + other.appliedUnanswered);
    }
}
