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

/** Commit.tla: every promise holds in every state, and none does once a protection is off. */
@Timeout(3600)
class CommitModelTest {
    @TempDir
    private Path scratch;

    /** Users, restarts, commits of a timeline, other snapshots, expiries, unknown answers. */
    private static Model sized(int users, int restarts, int commits, int others, int expiries, int unknowns) {
        return Model.of("Commit")
                .with("Users", new String[] {"{u1}", "{u1, u2}", "{u1, u2, u3}"}[users - 1])
                .with("Restarts", restarts)
                .with("Commits", commits)
                .with("Others", others)
                .with("Expiries", expiries)
                .with("Unknowns", unknowns);
    }

    private void holds(Model model, long leastStates) throws Exception {
        Model.Verdict verdict = model.check(scratch);
        assertEquals(Optional.empty(), verdict.violated());
        assertTrue(verdict.states() >= leastStates, () -> verdict + " is too few");
    }

    @Test
    void twoWritersKeepTheirCommitsThroughExpiryAndALostAnswer() throws Exception {
        holds(sized(2, 0, 1, 0, 1, 1), 1_000);
    }

    @Test
    void restartsOfAUserCommitOneTimeline() throws Exception {
        holds(sized(1, 2, 1, 0, 0, 0), 1_000);
    }

    @ParameterizedTest
    @CsvSource({
        // protection, what breaks without it, size
        "PublishesBoundary, AcknowledgedOnce, 2, 0, 1, 1, 1, 0",
        "PublisherChecks,   AcknowledgedOnce, 2, 0, 1, 1, 1, 0",
        "ReaderChecks,      LatestIsNewest,   2, 0, 1, 1, 1, 0",
        "ReaderChecks,      AcknowledgedOnce, 2, 0, 1, 1, 1, 0",
        "ReadsBack,         Readable,         2, 0, 1, 0, 0, 1",
        "NoClientRetries,   Readable,         2, 0, 1, 1, 1, 1",
        "ByUuid,            AcknowledgedOnce, 1, 1, 1, 0, 0, 0",
        "Predecessors,      OneTimeline,      1, 2, 1, 0, 0, 0",
        "Fences,            ZombiesStayOut,   1, 1, 2, 0, 0, 0"
    })
    void aProtectionThatIsOffIsMissed(
            String protection,
            String property,
            int users,
            int restarts,
            int commits,
            int others,
            int expiries,
            int unknowns)
            throws Exception {
        Model.Verdict verdict = sized(users, restarts, commits, others, expiries, unknowns)
                .without(protection)
                .checking(property)
                .check(scratch);
        assertEquals(Optional.of(property), verdict.violated());
    }

    @Test
    void anOlderEpochMayCommitWhatWasNotRestored() throws Exception {
        Model.Verdict verdict =
                sized(1, 2, 1, 0, 0, 0).checking("OnlyTheRestored").check(scratch);
        assertEquals(Optional.of("OnlyTheRestored"), verdict.violated());
    }

    @Test
    @Tag("full")
    void threeWritersOfOneCommit() throws Exception {
        holds(sized(3, 0, 1, 0, 1, 0), 20_000);
    }

    @Test
    @Tag("full")
    void aRestartedWriterBesideExpiryAndALostAnswer() throws Exception {
        holds(sized(1, 1, 2, 0, 1, 1), 5_000);
    }

    @Test
    @Tag("full")
    void twoWritersOfThreeCommitsOneOfThemRestarted() throws Exception {
        holds(sized(2, 1, 3, 0, 0, 0), 50_000);
    }
}
