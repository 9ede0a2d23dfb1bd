package io.streamhouse.catalog;

import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.UserState;
import java.time.Duration;

/** The identity rule with parts left out, so that a test sees them matter. */
final class WeakenedIdentity extends IdentityRule {
    /** As long as snapshots are retained at least in the tests that leave the memory of users out. */
    private static final Duration RETAINED = Duration.ofMinutes(1);

    private final Protections protections;

    WeakenedIdentity(Protections protections) {
        this.protections = protections;
    }

    @Override
    CommitVerdict decide(CommitMap map, DeltaIdentity id) {
        if (!protections.has(Protection.USERS_ARE_REMEMBERED) && isLongSilent(map, id.user())) {
            return new CommitVerdict.Go();
        }
        boolean notNew = map.user(id.user())
                .map(state -> id.identifier() <= state.lastIdentifier())
                .orElse(false);
        return notNew && !protections.has(Protection.ONLY_UUIDS_PROVE_COMMITS)
                ? new CommitVerdict.Already()
                : super.decide(map, id);
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
        return protections.has(Protection.OLDER_EPOCHS_ARE_FENCED) && super.isFenced(state, id);
    }

    @Override
    boolean follows(UserState state, DeltaIdentity id) {
        return !protections.has(Protection.DELTAS_FOLLOW_THEIR_PREDECESSOR) || super.follows(state, id);
    }
}
