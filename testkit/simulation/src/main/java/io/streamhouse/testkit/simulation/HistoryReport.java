package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.Mark;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What a run of histories went through, and how it ended.
 *
 * @param counts what was counted; kinds that did not occur are absent
 * @param marks how often the code under test reached its rare places; those never reached are absent
 * @param traceHash hash of the whole traces of all histories: equal for equal seeds, whatever the threads
 * @param failure the history of the smallest seed whose table was wrong, if any; those of larger seeds do not count
 */
public record HistoryReport(
        Map<HistoryEvent, Long> counts, Map<Mark, Long> marks, long traceHash, Optional<HistoryFailure> failure) {
    public HistoryReport {
        Map<HistoryEvent, Long> all = new EnumMap<>(HistoryEvent.class);
        all.putAll(counts);
        counts = all;
        Map<Mark, Long> reached = new EnumMap<>(Mark.class);
        reached.putAll(marks);
        marks = reached;
    }

    public long count(HistoryEvent event) {
        return counts.getOrDefault(event, 0L);
    }

    public long count(Mark mark) {
        return marks.getOrDefault(mark, 0L);
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
        for (Mark mark : Mark.values()) {
            out.add("mark %s %,d".formatted(mark.words(), count(mark)));
        }
        return out.toString();
    }
}
