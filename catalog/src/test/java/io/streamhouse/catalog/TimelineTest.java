package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.testkit.Seeds;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timelines of one commit user never mix, and no rule of the commit identity can be left out. */
class TimelineTest {
    private static final int HISTORIES = 500;

    private final Map<TimelineHistory.Event, Integer> events = new EnumMap<>(TimelineHistory.Event.class);

    private String violations(TimelineHistory.Style style, Protections protections, int histories, boolean stopAtFirst)
            throws Exception {
        long seed = Seeds.of("TimelineTest." + style);
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < histories; i++) {
            TimelineHistory history = new TimelineHistory(Seeds.derive(seed, i), style, protections, i % 2 == 1);
            Optional<String> wrong = history.run();
            history.events().forEach((event, n) -> events.merge(event, n, Integer::sum));
            if (wrong.isPresent()) {
                found.append("history ")
                        .append(i)
                        .append(": ")
                        .append(wrong.get())
                        .append('\n');
                if (stopAtFirst) {
                    break;
                }
            }
        }
        System.out.println("TimelineTest: " + style + " " + events);
        return found.toString();
    }

    @ParameterizedTest
    @EnumSource(TimelineHistory.Style.class)
    void timelinesNeverMixAndNothingIsLostSilently(TimelineHistory.Style style) throws Exception {
        assertEquals("", violations(style, Protections.ALL, HISTORIES, false));
        for (TimelineHistory.Event event : TimelineHistory.Event.values()) {
            if (expected(style, event)) {
                assertTrue(events.getOrDefault(event, 0) > 0, event + " never happened: " + events);
            }
        }
    }

    private static boolean expected(TimelineHistory.Style style, TimelineHistory.Event event) {
        return switch (event) {
            case COMMITTED, ALREADY, FENCE -> true;
            case FENCED, FENCE_REFUSED -> style != TimelineHistory.Style.NEWEST_STATE;
            case REFUSED -> style == TimelineHistory.Style.FORKS;
            case UNANSWERED -> false;
        };
    }

    @Test
    void tellingWhatIsCommittedByTheIdentifierSwallowsData() throws Exception {
        assertCaught(TimelineHistory.Style.FORKS, Protection.ONLY_UUIDS_PROVE_COMMITS, "silent loss");
    }

    @Test
    void withoutPredecessorsTimelinesMix() throws Exception {
        assertCaught(TimelineHistory.Style.FORKS, Protection.DELTAS_FOLLOW_THEIR_PREDECESSOR, "mixed timelines");
    }

    @Test
    void withoutAFenceAZombieKillsItsSuccessor() throws Exception {
        assertCaught(TimelineHistory.Style.ONE_ZOMBIE, Protection.OLDER_EPOCHS_ARE_FENCED, "turned away");
    }

    private void assertCaught(TimelineHistory.Style style, Protection missing, String how) throws Exception {
        String found = violations(style, Protections.without(missing), HISTORIES, true);
        assertTrue(found.contains(how), "without " + missing + " nothing was caught: " + found);
    }
}
