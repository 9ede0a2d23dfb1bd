package io.streamhouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows.tla: table, compaction and changelog agree in every state, and do not once a protection is off. */
@Timeout(3600)
class RowsModelTest {
    @TempDir
    private Path scratch;

    private static Model sized(int keys, int flushes, int compactions, int rollbacks) {
        return Model.of("Rows")
                .with("Keys", keys)
                .with("Flushes", flushes)
                .with("Compactions", compactions)
                .with("Rollbacks", rollbacks);
    }

    private void holds(Model model, long leastStates) throws Exception {
        Model.Verdict verdict = model.check(scratch);
        assertEquals(Optional.empty(), verdict.violated());
        assertTrue(verdict.states() >= leastStates, () -> verdict + " is too few");
    }

    @Test
    void twoDeltasACompactionAndARollbackAgree() throws Exception {
        holds(sized(2, 2, 1, 1), 1_000);
    }

    @ParameterizedTest
    @CsvSource({
        // protection, what breaks without it, size
        "Translates,       OneRowPerKey,       2, 2, 1, 0",
        "Preconditions,    TableIsCommitOrder, 1, 1, 1, 1",
        "LooksUpOwn,       OneRowPerKey,       1, 2, 0, 0",
        "ReducesMasks,     ChangelogFolds,     1, 3, 0, 0",
        "RenewsAddedIn,    OneRowPerKey,       1, 3, 0, 1",
        "DeletesLeaveKeys, TableIsCommitOrder, 1, 2, 0, 0"
    })
    void aProtectionThatIsOffIsMissed(
            String protection, String property, int keys, int flushes, int compactions, int rollbacks)
            throws Exception {
        Model.Verdict verdict = sized(keys, flushes, compactions, rollbacks)
                .without(protection)
                .checking(property)
                .check(scratch);
        assertEquals(Optional.of(property), verdict.violated());
    }

    @Test
    @Tag("full")
    void threeDeltasACompactionAndARollbackAgree() throws Exception {
        holds(sized(2, 3, 1, 1), 50_000);
    }
}
