package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    private static final Comparator<String> ORDER = Comparator.naturalOrder();

    private static NavigableMap<String, Integer> map(Map<String, Integer> entries) {
        NavigableMap<String, Integer> map = new TreeMap<>(ORDER);
        map.putAll(entries);
        return map;
    }

    @Test
    void everyKeyOfEitherMapIsVisitedOnceInOrder() {
        List<String> seen = new ArrayList<>();
        SideBySide.walk(
                map(Map.of("a", 1, "c", 2, "d", 3)),
                map(Map.of("b", 4, "c", 5, "e", 6, "f", 7)),
                (key, one, other) -> seen.add(key + one + other));
        assertEquals(List.of("a1null", "bnull4", "c25", "d3null", "enull6", "fnull7"), seen);
    }

    @Test
    void mapsInDifferentOrdersAreRefused() {
        NavigableMap<String, Integer> reversed = new TreeMap<>(ORDER.reversed());
        assertThrows(
                IllegalArgumentException.class,
                () -> SideBySide.walk(map(Map.of()), reversed, (key, one, other) -> {}));
    }
}
