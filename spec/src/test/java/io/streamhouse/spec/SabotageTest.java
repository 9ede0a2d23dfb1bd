package io.streamhouse.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SabotageTest {
    @Test
    void nothingIsPlantedUnlessAsked() {
        assertTrue(Sabotage.NONE.isActive());
        assertFalse(Sabotage.DROP_CHANGE.isActive());
        assertEquals(Sabotage.NONE, Sabotage.active());
    }

    @Test
    void onlyKnownFaultsAreTaken() {
        for (Sabotage s : Sabotage.values()) {
            assertEquals(s, Sabotage.parse(s.text()));
        }
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> Sabotage.parse("lost\ncommit"));
        assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
        assertTrue(e.getMessage().contains("lost-commit") && !e.getMessage().contains("\n"), e::getMessage);
    }
}
