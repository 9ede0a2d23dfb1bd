package io.streamhouse.catalog;

import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.UserState;

/** The identity rule with parts left out, so that a test sees them matter. */
final class WeakenedIdentity extends IdentityRule {
    private final IdentityChecks checks;

    WeakenedIdentity(IdentityChecks checks) {
        this.checks = checks;
    }

    @Override
    CommitVerdict decide(CommitMap map, DeltaIdentity id) {
        boolean notNew = map.user(id.user())
                .map(state -> id.identifier() <= state.lastIdentifier())
                .orElse(false);
        return notNew && !checks.onlyUuidsProveACommit() ? new CommitVerdict.Already() : super.decide(map, id);
    }

    @Override
    boolean isFenced(UserState state, DeltaIdentity id) {
        return checks.fenceOlderEpochs() && super.isFenced(state, id);
    }
}
