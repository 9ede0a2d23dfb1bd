package io.streamhouse.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;

/** Counts of one history or of many. One thread. */
final class Tally {
    private final Map<HistoryEvent, Long> counts = new EnumMap<>(HistoryEvent.class);

    void add(HistoryEvent event) {
        add(event, 1);
    }

    void add(HistoryEvent event, long count) {
        counts.merge(event, count, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
    }

    Map<HistoryEvent, Long> counts() {
        return new EnumMap<>(counts);
    }
}
