package io.streamhouse.catalog;

/**
 * A part of what keeps a table right beside others. All are in force, but in tests that leave one out to show what it is
 * worth.
 *
 * @see Protections
 * @see "spec/commit.md"
 */
public enum Protection {
    /** A slot is read back unless the store says that it was filled by this very put; else its word is taken. */
    SLOTS_ARE_READ_BACK,
    /** A compaction is published only where all its inputs are live. */
    COMPACTIONS_NEED_LIVE_INPUTS,
    /** What a cleaner may take is not published. */
    PUBLISHERS_HEED_CLEANERS,
    /** Whoever has put a snapshot asks whether its slot had expired. */
    PUBLISHERS_ASK_FOR_BOUNDARY,
    /** Whoever has read the newest snapshot asks whether its slot had expired. */
    READERS_ASK_FOR_BOUNDARY,

    /** An older epoch may commit no more than what the restored checkpoint holds. */
    OLDER_EPOCHS_ARE_FENCED,
    /** A delta is in the table only if its UUID is; else an identifier that is not new is proof enough. */
    ONLY_UUIDS_PROVE_COMMITS,
    /** A delta goes directly on top of the last one of its own timeline; else on anything. */
    DELTAS_FOLLOW_THEIR_PREDECESSOR,
    /**
     * Users are known by the commit map; else only as long as a snapshot of theirs is likely to be retained, as by who looks
     * for them in snapshots.
     */
    USERS_ARE_REMEMBERED,

    /** A schema is read back unless the store says that it was created by this very put; else its word is taken. */
    SCHEMAS_ARE_READ_BACK,
    /**
     * Who has lost a race for a schema begins anew with the one that is the newest now; else what was seen first is written
     * under a higher id.
     */
    ALTERATIONS_BEGIN_ANEW,

    /** A boundary is published before anything is deleted. */
    EXPIRY_PUBLISHES_BOUNDARY,
    /** Nothing is deleted before the boundary has stood for {@link SnapshotExpiry#GRACE} and the leases were read again. */
    EXPIRY_WAITS,
    /** What a lease names does not expire. */
    EXPIRY_HEEDS_LEASES,

    /** What is young is not cleaned away. */
    CLEANING_HEEDS_AGE,
    /** What came after a leased snapshot is not cleaned away. */
    CLEANING_HEEDS_LEASES,
    /** Metadata that cannot be read ends a cleaning before anything is deleted. */
    CLEANING_FAILS_CLOSED,
    /** Boundary, leases and newest snapshot are read again right before anything is cleaned away. */
    CLEANING_LOOKS_AGAIN,
    /** What may be cleaned away is published before anything is deleted. */
    CLEANING_IS_ANNOUNCED
}
