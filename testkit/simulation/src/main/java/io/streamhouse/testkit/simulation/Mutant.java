package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.ExpiryChecks;
import io.streamhouse.catalog.IdentityChecks;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.lake.CommitResolver;

/** A rule of the commit that is left out, to show that the histories would notice. */
public enum Mutant {
    /** All rules. */
    NONE(CommitResolver.Rules.ALL, IdentityChecks.ALL),
    /** A delete is not looked up in files that came after its base. */
    DELETES_WITHOUT_KEYS(new CommitResolver.Rules(true, false, true), IdentityChecks.ALL),
    /** Nothing is looked up again, not even in the job's own earlier commits. */
    OWN_COMMITS_NOT_LOOKED_UP(new CommitResolver.Rules(false, true, true), IdentityChecks.ALL),
    /** Positions that the head does not show are masked and counted all the same. */
    MASKS_NOT_REDUCED(new CommitResolver.Rules(true, true, false), IdentityChecks.ALL),
    /** An identifier that is not new counts as proof of a commit. */
    ALREADY_BY_IDENTIFIER(CommitResolver.Rules.ALL, new IdentityChecks(true, false)),
    /** Older epochs may go on. */
    NO_FENCE(CommitResolver.Rules.ALL, new IdentityChecks(false, true)),
    /** An UPDATE writes its rows whatever became of those it read. */
    BLIND_UPDATE(CommitResolver.Rules.ALL, IdentityChecks.ALL),
    /** A statement that read before a rollback is published after it. */
    UPDATE_OVER_ROLLBACK(CommitResolver.Rules.ALL, IdentityChecks.ALL),
    /** A rollback shows rows again in files that look as old as they are. */
    ROLLBACK_KEEPS_ADDED_IN(CommitResolver.Rules.ALL, IdentityChecks.ALL),
    /** Masks that are set on files while they are compacted are forgotten. */
    COMPACTION_WITHOUT_TRANSLATION(new TableCompactor.Rules(false), ExpiryChecks.ALL),
    /** Old snapshots are deleted at once, and no boundary says so. */
    EXPIRY_WITHOUT_BOUNDARY(TableCompactor.Rules.ALL, new ExpiryChecks(false, true, true, true)),
    /** Old snapshots go whoever reads them. */
    EXPIRY_WITHOUT_LEASES(TableCompactor.Rules.ALL, new ExpiryChecks(true, false, true, true)),
    /** Who has put a snapshot does not ask whether its slot had expired. */
    PUBLISHER_WITHOUT_BOUNDARY(TableCompactor.Rules.ALL, new ExpiryChecks(true, true, false, true)),
    /** Who looks for the newest snapshot takes what stands in an expired slot. */
    READER_WITHOUT_BOUNDARY(TableCompactor.Rules.ALL, new ExpiryChecks(true, true, true, false));

    private final CommitResolver.Rules resolution;
    private final IdentityChecks identity;
    private final TableCompactor.Rules compaction;
    private final ExpiryChecks expiry;

    Mutant(CommitResolver.Rules resolution, IdentityChecks identity) {
        this(resolution, identity, TableCompactor.Rules.ALL, ExpiryChecks.ALL);
    }

    Mutant(TableCompactor.Rules compaction, ExpiryChecks expiry) {
        this(CommitResolver.Rules.ALL, IdentityChecks.ALL, compaction, expiry);
    }

    Mutant(
            CommitResolver.Rules resolution,
            IdentityChecks identity,
            TableCompactor.Rules compaction,
            ExpiryChecks expiry) {
        this.resolution = resolution;
        this.identity = identity;
        this.compaction = compaction;
        this.expiry = expiry;
    }

    CommitResolver.Rules resolution() {
        return resolution;
    }

    IdentityChecks identity() {
        return identity;
    }

    TableCompactor.Rules compaction() {
        return compaction;
    }

    ExpiryChecks expiry() {
        return expiry;
    }
}
