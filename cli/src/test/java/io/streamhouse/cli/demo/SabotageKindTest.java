package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.spec.Sabotage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SabotageKindTest {
    @Test
    void theFaultsAreThoseOfTheEngine() {
        List<String> known = Arrays.stream(Sabotage.values())
                .filter(fault -> fault != Sabotage.NONE)
                .map(Sabotage::text)
                .toList();
        assertEquals(known, SabotageKind.words());
    }
}
