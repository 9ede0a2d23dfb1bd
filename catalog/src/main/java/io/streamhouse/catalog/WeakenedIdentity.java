package io.streamhouse.catalog;

import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.UserState;
import java.time.Duration;

/** The identity rule with parts left out, so that a test sees them matter. */
final class WeakenedIdentity extends IdentityRule {
    /** As long as snapshots are retained at least in the tests that leave the memory of users out. */
    private static final Duration RETAINED = Duration.ofMinutes(1);

    private final IdentityChecks checks;

    WeakenedIdentity(IdentityChecks checks) {
        this.checks = checks;
    }

    @Override
    CommitVerdict decide(CommitMap map, DeltaIdentity id) {
        if (!checks.remembersUsers() && isLongSilent(map, id.user())) {
            return new CommitVerdict.Go();
        }
        boolean notNew = map.user(id.user())
                .map(state -> id.identifier() <= state.lastIdentifier())
                .orElse(false);
        return notNew && !checks.onlyUuidsProveACommit() ? new CommitVerdict.Already() : super.decide(map, id);
    }

    private static boolean isLongSilent(CommitMap map, String user) {
        long newest = map.users().values().stream()
                .mapToLong(UserState::timeMillis)
                .max()
                .orElse(0);
        return map.user(user)
                .map(state -> newest - state.timeMillis() > RETAINED.toMillis())
                .orElse(false);
    }

    @Override
    boolean isFenced(UserState state, DeltaIdentity id) {
        return checks.fenceOlderEpochs() && super.isFenced(state, id);
    }

    @Override
    boolean follows(UserState state, DeltaIdentity id) {
        return !checks.followsPredecessor() || super.follows(state, id);
    }
}
