package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.AlterationChecks;
import io.streamhouse.catalog.CleaningChecks;
import io.streamhouse.catalog.ExpiryChecks;
import io.streamhouse.catalog.IdentityChecks;
import io.streamhouse.catalog.PublishChecks;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.lake.CommitResolver;
import java.util.Locale;
import java.util.Optional;

/** A rule of the commit that is left out, to show that the histories would notice. */
public enum Mutant {
    /** All rules. */
    NONE(Rules.ALL),
    /** Snapshots are put by who finds that there is none yet, instead of by a store that puts only what is not there. */
    EXISTS_THEN_PUT(Rules.ALL),
    /** A store that says that a slot is taken is believed. */
    NO_READ_BACK(new PublishChecks(false, true, true)),
    /** Users are forgotten with their snapshots. */
    USERS_EXPIRE(new IdentityChecks(true, true, true, false)),
    /** A delta is published on top of whatever its user has committed last. */
    NO_PREDECESSOR(new IdentityChecks(true, true, false, true)),
    /** A delete is not looked up in files that came after its base. */
    DELETES_WITHOUT_KEYS(new CommitResolver.Rules(true, false, true)),
    /** Nothing is looked up again, not even in the job's own earlier commits. */
    OWN_COMMITS_NOT_LOOKED_UP(new CommitResolver.Rules(false, true, true)),
    /** Positions that the head does not show are masked and counted all the same. */
    MASKS_NOT_REDUCED(new CommitResolver.Rules(true, true, false)),
    /** An identifier that is not new counts as proof of a commit. */
    ALREADY_BY_IDENTIFIER(new IdentityChecks(true, false)),
    /** Older epochs may go on. */
    NO_FENCE(new IdentityChecks(false, true)),
    /** An UPDATE writes its rows whatever became of those it read. */
    BLIND_UPDATE(Rules.ALL),
    /** A statement that read before a rollback is published after it. */
    UPDATE_OVER_ROLLBACK(Rules.ALL),
    /** A statement whose rows another statement has changed leaves these alone, instead of failing. */
    UPDATE_OVER_UPDATE(Rules.ALL),
    /** A statement takes rows that a compaction has moved for gone. */
    UPDATE_WITHOUT_TRANSLATION(Rules.ALL),
    /** An overwrite that has lost a race replaces what it saw before. */
    OVERWRITE_WITHOUT_LOOKING_AGAIN(Rules.ALL),
    /** A rollback shows rows again in files that look as old as they are. */
    ROLLBACK_KEEPS_ADDED_IN(Rules.ALL),
    /** Masks that are set on files while they are compacted are forgotten. */
    COMPACTION_WITHOUT_TRANSLATION(new TableCompactor.Rules(false, true)),
    /** A compaction is published whatever became of the files that it has read. */
    COMPACTION_OF_DEAD_INPUTS(new Rules(
            CommitResolver.Rules.ALL,
            IdentityChecks.ALL,
            new TableCompactor.Rules(true, false),
            ExpiryChecks.ALL,
            new PublishChecks(true, false, true),
            CleaningChecks.ALL,
            AlterationChecks.ALL)),
    /** Old snapshots are deleted at once, and no boundary says so. */
    EXPIRY_WITHOUT_BOUNDARY(new ExpiryChecks(false, true, true, true)),
    /** Old snapshots go whoever reads them. */
    EXPIRY_WITHOUT_LEASES(new ExpiryChecks(true, false, true, true)),
    /** Who has put a snapshot does not ask whether its slot had expired. */
    PUBLISHER_WITHOUT_BOUNDARY(new ExpiryChecks(true, true, false, true)),
    /** Who looks for the newest snapshot takes what stands in an expired slot. */
    READER_WITHOUT_BOUNDARY(new ExpiryChecks(true, true, true, false)),
    /** What a cleaner cannot read names nothing; who announces would read the newest snapshot once more. */
    CLEANING_FAILS_OPEN(new CleaningChecks(true, true, false, true, false)),
    /** Whatever no snapshot names is an orphan, however young it is. */
    CLEANING_OF_YOUNG_FILES(new CleaningChecks(false, true, true, true, true)),
    /** A store that does not say that it has created a schema is believed to hold another one's. */
    ALTERATION_WITHOUT_READ_BACK(new AlterationChecks(false, true)),
    /** Who has lost a race for a schema writes the options that it saw before under the next number. */
    ALTERATION_WITHOUT_LOOKING_AGAIN(new AlterationChecks(true, false)),
    /** A store says that something stands before it would outlast a loss of power. */
    ACKNOWLEDGED_TOO_EARLY(Rules.ALL),
    /** Who finds its work in the table acknowledges it, whether that is sure to stay or not. */
    ACKNOWLEDGED_BY_LOOKING(Rules.ALL),
    /** A snapshot that was read wrongly is taken for right. */
    SNAPSHOT_NOT_VERIFIED("/snapshot/"),
    /** A manifest that was read wrongly is taken for right. */
    MANIFEST_NOT_VERIFIED("/manifest/"),
    /** A mask segment that was read wrongly is taken for right. */
    MASK_NOT_VERIFIED("/mask/"),
    /** Rows that were read wrongly are taken for right. */
    DATA_NOT_VERIFIED("/data/"),
    /** A store takes memory for what it is asked for before it looks how much there is. */
    SIZES_NOT_CHECKED(Rules.ALL);

    /** What is left of the rules. */
    private record Rules(
            CommitResolver.Rules resolution,
            IdentityChecks identity,
            TableCompactor.Rules compaction,
            ExpiryChecks expiry,
            PublishChecks publish,
            CleaningChecks cleaning,
            AlterationChecks alteration) {
        static final Rules ALL = new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                AlterationChecks.ALL);
    }

    private final Rules rules;
    /** Part of the paths whose bytes are believed. */
    private final Optional<String> believed;

    Mutant(Rules rules) {
        this(rules, Optional.empty());
    }

    Mutant(String believed) {
        this(Rules.ALL, Optional.of(believed));
    }

    Mutant(Rules rules, Optional<String> believed) {
        this.rules = rules;
        this.believed = believed;
    }

    Mutant(CommitResolver.Rules resolution) {
        this(new Rules(
                resolution,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                AlterationChecks.ALL));
    }

    Mutant(IdentityChecks identity) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                identity,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                AlterationChecks.ALL));
    }

    Mutant(TableCompactor.Rules compaction) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                compaction,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                AlterationChecks.ALL));
    }

    Mutant(ExpiryChecks expiry) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                expiry,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                AlterationChecks.ALL));
    }

    Mutant(PublishChecks publish) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                publish,
                CleaningChecks.ALL,
                AlterationChecks.ALL));
    }

    Mutant(CleaningChecks cleaning) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                cleaning,
                AlterationChecks.ALL));
    }

    Mutant(AlterationChecks alteration) {
        this(new Rules(
                CommitResolver.Rules.ALL,
                IdentityChecks.ALL,
                TableCompactor.Rules.ALL,
                ExpiryChecks.ALL,
                PublishChecks.ALL,
                CleaningChecks.ALL,
                alteration));
    }

    /** The name as it stands in a command. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    CommitResolver.Rules resolution() {
        return rules.resolution;
    }

    IdentityChecks identity() {
        return rules.identity;
    }

    TableCompactor.Rules compaction() {
        return rules.compaction;
    }

    ExpiryChecks expiry() {
        return rules.expiry;
    }

    PublishChecks publish() {
        return rules.publish;
    }

    CleaningChecks cleaning() {
        return rules.cleaning;
    }

    AlterationChecks alteration() {
        return rules.alteration;
    }

    /** Whether the checksums of an object are not verified: damage comes with checksums that fit it. */
    boolean believes(String path) {
        return believed.isPresent() && path.contains(believed.get());
    }

    /** Whether it only shows where bits turn over. */
    boolean isOfChecksums() {
        return believed.isPresent();
    }

    /** Whether it only shows where damage is planted: {@link PlantedDamage} instead of a history of chance. */
    boolean isOfPlantedDamage() {
        return this == MANIFEST_NOT_VERIFIED || this == MASK_NOT_VERIFIED || this == SIZES_NOT_CHECKED;
    }

    /** Whether it only shows where options change. */
    boolean isOfAlterations() {
        return !alteration().equals(AlterationChecks.ALL);
    }

    /** Whether it only shows where snapshots expire. */
    boolean isOfExpiry() {
        return !expiry().equals(ExpiryChecks.ALL) || !cleaning().equals(CleaningChecks.ALL) || this == USERS_EXPIRE;
    }
}
