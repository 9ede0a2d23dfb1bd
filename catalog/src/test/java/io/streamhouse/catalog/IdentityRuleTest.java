package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The commit map answers one case at a time. */
class IdentityRuleTest {
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final SnapshotChain chain;

    IdentityRuleTest() throws Exception {
        chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 1, clock))
                .snapshots();
    }

    private static UUID id(int n) {
        return new UUID(7, n);
    }

    private static DeltaIdentity delta(String user, int epoch, long identifier, int n, int predecessor) {
        Optional<UUID> before = predecessor == 0 ? Optional.empty() : Optional.of(id(predecessor));
        return new DeltaIdentity(user, epoch, identifier, id(n), before, false);
    }

    private CommitOutcome publish(DeltaIdentity identity) throws Exception {
        return chain.publish(
                chain.latest(), TestWorld.append(identity, List.of(TestWorld.file(identity.delta(), 1, 1)), List.of()));
    }

    private void commit(DeltaIdentity identity) throws Exception {
        assertInstanceOf(CommitOutcome.Committed.class, publish(identity));
    }

    private FenceOutcome fence(String user, int epoch, long checkpoint, OlderSavepoint policy, int... deltas)
            throws Exception {
        List<UUID> last = new ArrayList<>();
        for (int n : deltas) {
            last.add(id(n));
        }
        return chain.fence(new RestoredState(user, epoch, last, checkpoint, checkpoint > 0), policy);
    }

    private int open(String user, int epoch, long checkpoint, int... deltas) throws Exception {
        return assertInstanceOf(
                        FenceOutcome.Opened.class, fence(user, epoch, checkpoint, OlderSavepoint.REFUSE, deltas))
                .epoch();
    }

    private void assertRefused(ErrorCode code, String part, CommitOutcome outcome) {
        CommitOutcome.Refused refused = assertInstanceOf(CommitOutcome.Refused.class, outcome);
        assertEquals(code, refused.code());
        assertTrue(refused.message().contains(part), refused.message());
    }

    private void assertOlder(String part, FenceOutcome outcome) {
        FenceOutcome.Refused refused = assertInstanceOf(FenceOutcome.Refused.class, outcome);
        assertEquals(ErrorCode.OLDER_SAVEPOINT, refused.code());
        assertTrue(refused.message().contains(part), refused.message());
        assertTrue(refused.message().contains("new-user"), refused.message());
    }

    private UserState user(String name) throws Exception {
        return chain.latest().orElseThrow().commits().user(name).orElseThrow();
    }

    @Test
    void aSecondCommitOfTheSameDeltaIsNoOp() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        commit(delta("job", 1, 2, 2, 1));
        long head = chain.latest().orElseThrow().id();
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(delta("job", 1, 1, 1, 0)));
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(delta("job", 1, 2, 2, 1)));
        assertEquals(head, chain.latest().orElseThrow().id());
        assertInstanceOf(CommitVerdict.Already.class, chain.verdict(chain.latest(), delta("job", 1, 2, 2, 1)));
        assertInstanceOf(CommitVerdict.Go.class, chain.verdict(chain.latest(), delta("job", 1, 3, 3, 2)));
        assertInstanceOf(CommitVerdict.Refused.class, chain.verdict(chain.latest(), delta("job", 1, 3, 3, 1)));
    }

    @Test
    void aFenceIsASnapshotOfItsOwn() throws Exception {
        commit(TestWorld.batch(id(99)));
        assertEquals(1, open("job", 0, 0));
        Snapshot fence = chain.latest().orElseThrow();
        assertEquals(2, fence.id());
        assertEquals(SnapshotKind.FENCE, fence.kind());
        assertEquals(new Snapshot.Author("job", 0), fence.author());
        assertEquals(1, fence.totals().rowCount());
        assertEquals(1, chain.tree(fence).entries().size());
        assertEquals(2, open("job", 1, 0));
        assertEquals(2, user("job").epoch());
    }

    @Test
    void anOlderEpochCommitsWhatTheRestoredCheckpointHoldsAndNothingElse() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        assertEquals(2, open("job", 1, 2, 1, 2));
        commit(delta("job", 1, 2, 2, 1));
        assertInstanceOf(CommitOutcome.Fenced.class, publish(delta("job", 1, 3, 3, 2)));
        commit(delta("job", 2, 3, 4, 2));
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(delta("job", 1, 2, 2, 1)));
    }

    @Test
    void fenceAndRecommitComeInEitherOrder() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        commit(delta("job", 1, 2, 2, 1)); // the re-commit before the fence
        assertEquals(2, open("job", 1, 2, 1, 2));
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(delta("job", 1, 2, 2, 1)));
        commit(delta("job", 2, 3, 3, 2));
    }

    @Test
    void anOlderSavepointIsRefusedOrGoesOnUnderAFreshUser() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        commit(delta("job", 1, 2, 2, 1));
        assertOlder("checkpoint 1", fence("job", 1, 1, OlderSavepoint.REFUSE, 1));
        assertOlder(id(2).toString(), fence("job", 1, 1, OlderSavepoint.REFUSE, 1));
        assertOlder("no state", fence("job", 0, 0, OlderSavepoint.REFUSE));
        assertEquals(3, chain.latest().orElseThrow().id(), "a refusal publishes nothing");
        FenceOutcome.Opened opened =
                assertInstanceOf(FenceOutcome.Opened.class, fence("job", 1, 1, OlderSavepoint.NEW_USER, 1));
        assertFalse(opened.user().equals("job"));
        assertEquals(1, opened.epoch());
        commit(delta(opened.user(), 1, 2, 3, 0));
        assertEquals(3, chain.latest().orElseThrow().totals().rowCount());
    }

    @Test
    void aStartWithoutStateIsWelcomeWhileNothingWasCommitted() throws Exception {
        assertEquals(1, open("job", 0, 0));
        assertEquals(2, open("job", 0, 0));
        assertInstanceOf(CommitOutcome.Fenced.class, publish(delta("job", 1, 1, 1, 0)));
        commit(delta("job", 2, 1, 2, 0));
    }

    @Test
    void aBatchStatementClosesItsUser() throws Exception {
        DeltaIdentity first = TestWorld.batch(id(1));
        commit(first);
        DeltaIdentity repeated =
                new DeltaIdentity(first.user(), 0, 1, id(2), Optional.empty(), true); // a later attempt
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(repeated));
        assertEquals(1, chain.latest().orElseThrow().totals().rowCount());
        assertOlder("closed", fence(first.user(), 0, 0, OlderSavepoint.REFUSE, 1));
    }

    @Test
    void theMapKeepsTheLastSixteenDeltas() throws Exception {
        open("job", 0, 0);
        for (int n = 1; n <= 20; n++) {
            commit(delta("job", 1, n, n, n - 1));
        }
        UserState state = user("job");
        assertEquals(16, state.lastDeltas().size());
        assertEquals(id(20), state.newestDelta().orElseThrow());
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(delta("job", 1, 5, 5, 4)));
        assertRefused(ErrorCode.COMMIT_REFUSED, id(20).toString(), publish(delta("job", 1, 4, 4, 3)));
    }

    @Test
    void aUserThatTheTableHasForgottenIsRefused() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        clock.advance(Duration.ofDays(31));
        for (int n = 0; n < 100; n++) {
            open("later-" + n, 0, 0);
        }
        assertEquals(Optional.empty(), chain.latest().orElseThrow().commits().user("job"));
        assertEquals(100, chain.latest().orElseThrow().commits().users().size());
        assertRefused(ErrorCode.COMMIT_REFUSED, "'job'", publish(delta("job", 1, 2, 2, 1)));
        assertOlder("does not know the user", fence("job", 1, 1, OlderSavepoint.REFUSE, 1));
        // What never committed anything may start again; its epoch goes on.
        assertEquals(5, open("other", 4, 3));
    }

    @Test
    void aBusyUserIsNeverForgotten() throws Exception {
        open("job", 0, 0);
        for (int n = 1; n <= 3; n++) {
            clock.advance(Duration.ofDays(29));
            commit(delta("job", 1, n, n, n - 1));
        }
        clock.advance(Duration.ofDays(40)); // nobody else commits meanwhile, so it is there when it comes back
        commit(delta("job", 1, 4, 4, 3));
    }

    @Test
    void oneClockThatIsAheadDropsNobodyInItsOwnCommit() throws Exception {
        for (int n = 0; n < 150; n++) {
            open("job-" + n, 0, 0);
        }
        clock.advance(Duration.ofDays(31));
        commit(TestWorld.batch(id(1)));
        assertEquals(151, chain.latest().orElseThrow().commits().users().size());
    }

    @Test
    void theNewestHundredOpenUsersAreKeptWhateverTheirAge() throws Exception {
        open("job", 0, 0);
        commit(delta("job", 1, 1, 1, 0));
        clock.advance(Duration.ofDays(400));
        commit(TestWorld.batch(id(50)));
        commit(TestWorld.batch(id(51)));
        commit(delta("job", 1, 2, 2, 1));
    }

    private static UserState state(long timeMillis, boolean closed) {
        return new UserState(0, 0, 1, List.of(), OptionalLong.empty(), timeMillis, closed);
    }

    /** A map of users 1 to n, one a step. */
    private static Map<String, UserState> users(int n, Duration step, boolean closed) {
        Map<String, UserState> users = new TreeMap<>();
        for (int i = 1; i <= n; i++) {
            users.put("user-" + i, state(i * step.toMillis(), closed));
        }
        return users;
    }

    @Test
    void theNewestHundredClosedUsersAreKept() throws Exception {
        long now = Duration.ofHours(151).toMillis();
        CommitMap map =
                IdentityRule.with(new CommitMap(users(149, Duration.ofHours(1), true)), "new", state(now, true), now);
        assertEquals(100, map.users().size());
        assertTrue(map.user("new").isPresent());
        assertTrue(map.user("user-51").isPresent());
        assertFalse(map.user("user-50").isPresent());
    }

    @Test
    void aStatementThatClosedLessThanAnHourAgoIsNotForgotten() throws Exception {
        DeltaIdentity lost = TestWorld.batch(id(999)); // committed, but nobody told its publisher
        commit(lost);
        for (int n = 1; n <= 150; n++) {
            clock.advance(Duration.ofSeconds(20));
            commit(TestWorld.batch(id(n)));
        }
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, publish(lost));
        assertEquals(151, chain.latest().orElseThrow().totals().rowCount());
    }

    @Test
    void theClosedUsersOfTheLastHourAreBounded() {
        long now = 20_000;
        CommitMap map = IdentityRule.with(
                new CommitMap(users(10_050, Duration.ofMillis(1), true)), "new", state(now, true), now);
        assertEquals(10_000, map.users().size());
        assertTrue(map.user("user-52").isPresent());
        assertFalse(map.user("user-51").isPresent());
        assertTrue(map.user("new").isPresent());
    }

    @Test
    void theFirstDeltaOfAnUnknownBatchUserIsWelcome() throws Exception {
        commit(TestWorld.batch(id(1)));
        assertInstanceOf(CommitVerdict.Go.class, chain.verdict(chain.latest(), TestWorld.batch(id(2))));
    }

    @Test
    void watermarksStayUntilANewerOneComes() {
        CommitMap map = CommitMap.EMPTY;
        DeltaIdentity first = delta("job", 0, 1, 1, 0);
        map = map.with("job", IdentityRule.committed(map, first, OptionalLong.of(40), 1));
        map = map.with("job", IdentityRule.committed(map, delta("job", 0, 2, 2, 1), OptionalLong.empty(), 2));
        assertEquals(OptionalLong.of(40), map.user("job").orElseThrow().watermark());
    }

    @Test
    void anEpochFromTheFutureIsRefused() throws Exception {
        open("job", 0, 0);
        assertRefused(ErrorCode.COMMIT_REFUSED, "epoch 1 only", publish(delta("job", 2, 1, 1, 0)));
    }
}
