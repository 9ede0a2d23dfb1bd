package io.streamhouse.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What a run of histories went through, and how it ended.
 *
 * @param counts what was counted; kinds that did not occur are absent
 * @param traceHashes hash of the whole trace of each history by seed: equal for equal seeds
 * @param failure the first history whose table was wrong, if any; the run ends with it
 */
public record HistoryReport(
        Map<HistoryEvent, Long> counts, Map<Long, Long> traceHashes, Optional<HistoryFailure> failure) {
    public HistoryReport {
        Map<HistoryEvent, Long> all = new EnumMap<>(HistoryEvent.class);
        all.putAll(counts);
        counts = all;
        traceHashes = Map.copyOf(traceHashes);
    }

    public long count(HistoryEvent event) {
        return counts.getOrDefault(event, 0L);
    }

    /** Events a history, 0 without histories. */
    public double mean(HistoryEvent event) {
        long histories = count(HistoryEvent.HISTORIES);
        return histories == 0 ? 0 : (double) count(event) / histories;
    }

    /** All counters in one line. */
    @Override
    public String toString() {
        StringJoiner out = new StringJoiner(", ");
        for (HistoryEvent event : HistoryEvent.values()) {
            out.add("%s %,d".formatted(event.words(), count(event)));
        }
        return out + failure.map(f -> "%n%s".formatted(f)).orElse("");
    }
}
