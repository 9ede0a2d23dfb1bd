package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.Mark;
import io.streamhouse.storage.Marks;
import java.util.EnumMap;
import java.util.Map;

/** Counts of one history or of many. One thread. */
final class Tally implements Marks {
    private final Map<HistoryEvent, Long> counts = new EnumMap<>(HistoryEvent.class);
    private final Map<Mark, Long> marks = new EnumMap<>(Mark.class);

    void add(HistoryEvent event) {
        add(event, 1);
    }

    void add(HistoryEvent event, long count) {
        counts.merge(event, count, Long::sum);
    }

    @Override
    public void reached(Mark mark) {
        marks.merge(mark, 1L, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
        other.marks.forEach((mark, count) -> marks.merge(mark, count, Long::sum));
    }

    Map<HistoryEvent, Long> counts() {
        return new EnumMap<>(counts);
    }

    Map<Mark, Long> marks() {
        return new EnumMap<>(marks);
    }
}
