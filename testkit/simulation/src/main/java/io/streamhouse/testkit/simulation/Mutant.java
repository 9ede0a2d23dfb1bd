package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Protection;
import io.streamhouse.catalog.Protections;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.lake.CommitResolver;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A rule of the commit that is left out, to show that the histories would notice. */
public enum Mutant {
    /** All rules. */
    NONE,
    /** Snapshots are put by who finds that there is none yet, instead of by a store that puts only what is not there. */
    EXISTS_THEN_PUT,
    /** A store that says that a slot is taken is believed. */
    NO_READ_BACK(Protection.SLOTS_ARE_READ_BACK),
    /** Users are forgotten with their snapshots. */
    USERS_EXPIRE(Protection.USERS_ARE_REMEMBERED),
    /** A delta is published on top of whatever its user has committed last. */
    NO_PREDECESSOR(Protection.DELTAS_FOLLOW_THEIR_PREDECESSOR),
    /** A delete is not looked up in files that came after its base. */
    DELETES_WITHOUT_KEYS(new CommitResolver.Rules(true, false, true)),
    /** Nothing is looked up again, not even in the job's own earlier commits. */
    OWN_COMMITS_NOT_LOOKED_UP(new CommitResolver.Rules(false, true, true)),
    /** Positions that the head does not show are masked and counted all the same. */
    MASKS_NOT_REDUCED(new CommitResolver.Rules(true, true, false)),
    /** An identifier that is not new counts as proof of a commit. */
    ALREADY_BY_IDENTIFIER(Protection.ONLY_UUIDS_PROVE_COMMITS),
    /** Older epochs may go on. */
    NO_FENCE(Protection.OLDER_EPOCHS_ARE_FENCED),
    /** An UPDATE writes its rows whatever became of those it read. */
    BLIND_UPDATE,
    /** A statement that read before a rollback is published after it. */
    UPDATE_OVER_ROLLBACK,
    /** A statement whose rows another statement has changed leaves these alone, instead of failing. */
    UPDATE_OVER_UPDATE,
    /** A statement takes rows that a compaction has moved for gone. */
    UPDATE_WITHOUT_TRANSLATION,
    /** An overwrite that has lost a race replaces what it saw before. */
    OVERWRITE_WITHOUT_LOOKING_AGAIN,
    /** A rollback shows rows again in files that look as old as they are. */
    ROLLBACK_KEEPS_ADDED_IN,
    /** Masks that are set on files while they are compacted are forgotten. */
    COMPACTION_WITHOUT_TRANSLATION(new TableCompactor.Rules(false, true)),
    /** A compaction is published whatever became of the files that it has read. */
    COMPACTION_OF_DEAD_INPUTS(new TableCompactor.Rules(true, false), Protection.COMPACTIONS_NEED_LIVE_INPUTS),
    /** Old snapshots are deleted at once, and no boundary says so. */
    EXPIRY_WITHOUT_BOUNDARY(Protection.EXPIRY_PUBLISHES_BOUNDARY),
    /** Old snapshots go whoever reads them. */
    EXPIRY_WITHOUT_LEASES(Protection.EXPIRY_HEEDS_LEASES),
    /** Who has put a snapshot does not ask whether its slot had expired. */
    PUBLISHER_WITHOUT_BOUNDARY(Protection.PUBLISHERS_ASK_FOR_BOUNDARY),
    /** Who looks for the newest snapshot takes what stands in an expired slot. */
    READER_WITHOUT_BOUNDARY(Protection.READERS_ASK_FOR_BOUNDARY),
    /** What a cleaner cannot read names nothing; who announces would read the newest snapshot once more. */
    CLEANING_FAILS_OPEN(Protection.CLEANING_FAILS_CLOSED, Protection.CLEANING_IS_ANNOUNCED),
    /** Whatever no snapshot names is an orphan, however young it is. */
    CLEANING_OF_YOUNG_FILES(Protection.CLEANING_HEEDS_AGE),
    /** A store that does not say that it has created a schema is believed to hold another one's. */
    ALTERATION_WITHOUT_READ_BACK(Protection.SCHEMAS_ARE_READ_BACK),
    /** Who has lost a race for a schema writes the options that it saw before under the next number. */
    ALTERATION_WITHOUT_LOOKING_AGAIN(Protection.ALTERATIONS_BEGIN_ANEW),
    /** A store says that something stands before it would outlast a loss of power. */
    ACKNOWLEDGED_TOO_EARLY,
    /** Who finds its work in the table acknowledges it, whether that is sure to stay or not. */
    ACKNOWLEDGED_BY_LOOKING,
    /** A snapshot that was read wrongly is taken for right. */
    SNAPSHOT_NOT_VERIFIED("/snapshot/"),
    /** A manifest that was read wrongly is taken for right. */
    MANIFEST_NOT_VERIFIED("/manifest/"),
    /** A mask segment that was read wrongly is taken for right. */
    MASK_NOT_VERIFIED("/mask/"),
    /** Rows that were read wrongly are taken for right. */
    DATA_NOT_VERIFIED("/data/"),
    /** A store takes memory for what it is asked for before it looks how much there is. */
    SIZES_NOT_CHECKED;

    private static final Set<Protection> OF_EXPIRY = EnumSet.of(
            Protection.EXPIRY_PUBLISHES_BOUNDARY,
            Protection.EXPIRY_HEEDS_LEASES,
            Protection.PUBLISHERS_ASK_FOR_BOUNDARY,
            Protection.READERS_ASK_FOR_BOUNDARY,
            Protection.CLEANING_FAILS_CLOSED,
            Protection.CLEANING_HEEDS_AGE,
            Protection.USERS_ARE_REMEMBERED);

    private final CommitResolver.Rules resolution;
    private final TableCompactor.Rules compaction;
    private final Protections protections;
    /** Part of the paths whose bytes are believed. */
    private final Optional<String> believed;

    /** A mutant of the catalog; without any, one of a rule that the simulation itself leaves out. */
    Mutant(Protection... leftOut) {
        this(CommitResolver.Rules.ALL, TableCompactor.Rules.ALL, Protections.without(leftOut), Optional.empty());
    }

    Mutant(CommitResolver.Rules resolution) {
        this(resolution, TableCompactor.Rules.ALL, Protections.ALL, Optional.empty());
    }

    Mutant(TableCompactor.Rules compaction, Protection... leftOut) {
        this(CommitResolver.Rules.ALL, compaction, Protections.without(leftOut), Optional.empty());
    }

    Mutant(String believed) {
        this(CommitResolver.Rules.ALL, TableCompactor.Rules.ALL, Protections.ALL, Optional.of(believed));
    }

    Mutant(
            CommitResolver.Rules resolution,
            TableCompactor.Rules compaction,
            Protections protections,
            Optional<String> believed) {
        this.resolution = resolution;
        this.compaction = compaction;
        this.protections = protections;
        this.believed = believed;
    }

    /** The name as it stands in a command. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    CommitResolver.Rules resolution() {
        return resolution;
    }

    TableCompactor.Rules compaction() {
        return compaction;
    }

    Protections protections() {
        return protections;
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
        return !protections.has(Protection.SCHEMAS_ARE_READ_BACK)
                || !protections.has(Protection.ALTERATIONS_BEGIN_ANEW);
    }

    /** Whether it only shows where snapshots expire. */
    boolean isOfExpiry() {
        return protections.leftOut().stream().anyMatch(OF_EXPIRY::contains);
    }
}
