package io.streamhouse.catalog;

import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.storage.Components;
import java.util.Optional;

/** Catalogs whose commit identity lacks one rule, so that a test of the whole can show that it would notice. */
public enum IdentityMutants {
    /** What was committed is told by the identifier: the mistake that swallows the data of a second timeline. */
    ALREADY_BY_IDENTIFIER(new IdentityRule() {
        @Override
        CommitVerdict decide(CommitMap map, DeltaIdentity id) {
            Optional<UserState> state = map.user(id.user());
            boolean older = state.isPresent() && id.identifier() <= state.get().lastIdentifier();
            return older ? new CommitVerdict.Already() : super.decide(map, id);
        }
    }),
    /** A delta goes on top of any other. */
    NO_PREDECESSOR(new IdentityRule() {
        @Override
        boolean follows(UserState state, DeltaIdentity id) {
            return true;
        }
    }),
    /** Older attempts go on as if nobody had taken over. */
    NO_FENCE(new IdentityRule() {
        @Override
        boolean isFenced(UserState state, DeltaIdentity id) {
            return false;
        }
    });

    private final IdentityRule rule;

    IdentityMutants(IdentityRule rule) {
        this.rule = rule;
    }

    ChainRules rules() {
        return ChainRules.ALL.withIdentity(rule);
    }

    /** The catalog of a warehouse in which the rule is missing. */
    public Catalog open(Components components) {
        return new FileSystemCatalog(components, rules());
    }
}
