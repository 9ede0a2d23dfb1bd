package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTravelTest {
    @ParameterizedTest
    @ValueSource(ints = {12, 13, 25, 64, 1_000})
    void oneCommitOfEachStratumAndBothEndsAreDrawn(int count) {
        List<Long> ids = ids(count);
        for (long seed = 0; seed < 20; seed++) {
            List<Long> drawn = TimeTravel.draw(ids, seed);
            assertEquals(12, drawn.size());
            assertEquals(1, drawn.get(0));
            assertEquals(count, drawn.get(11));
            for (int i = 1; i < 12; i++) {
                assertTrue(drawn.get(i) > drawn.get(i - 1), drawn.toString());
            }
            for (int i = 0; i < 10; i++) {
                long least = 2 + (long) (count - 2) * i / 10;
                long end = 2 + (long) (count - 2) * (i + 1) / 10;
                assertTrue(drawn.get(i + 1) >= least && drawn.get(i + 1) < end, drawn.toString());
            }
        }
    }

    @Test
    void aShortHistoryIsReadWhole() {
        assertEquals(ids(5), TimeTravel.draw(ids(5), 1));
        assertEquals(List.of(), TimeTravel.draw(ids(0), 1));
    }

    @Test
    void theSeedDecides() {
        assertEquals(TimeTravel.draw(ids(100), 1), TimeTravel.draw(ids(100), 1));
        assertNotEquals(TimeTravel.draw(ids(100), 1), TimeTravel.draw(ids(100), 2));
    }

    private static List<Long> ids(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }
}
