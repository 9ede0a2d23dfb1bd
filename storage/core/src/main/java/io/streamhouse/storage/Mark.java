package io.streamhouse.storage;

import java.util.Locale;

/** A rare place in the code that tests must have been to. */
public enum Mark {
    /** The store says that a slot is taken, and what stands in it is what was to be put. */
    OWN_PUT_REFUSED,
    /** The store does not say how a put went, and what stands in the slot is what was to be put. */
    OWN_PUT_UNANSWERED,
    /** The store did not say how a put went, and somebody else's snapshot stands in the slot. */
    PUT_LOST_AFTER_SILENCE,
    /** What was put stands in a slot that had expired. */
    ZOMBIE_AFTER_EXPIRY,
    /** The newest snapshot that was found stands in an expired slot, and is not taken. */
    GHOST_READ,
    /** A delta is in the table already, as only the commit map of the head says. */
    KNOWN_BY_COMMIT_MAP,
    /** A delta is resolved against an earlier one of its own timeline that its writers had not seen. */
    OWN_PENDING_DELTA,
    /** A compaction translates masks that its inputs got while it ran. */
    MASK_TRANSLATED,
    /** A compaction gives up because an input has left the tree, or came back with a rollback. */
    INPUT_GONE,
    /** An UPDATE or DELETE follows rows that it has read into the files of a compaction. */
    STATEMENT_MOVED,
    /** An UPDATE or DELETE leaves a row alone, because somebody has replaced it since. */
    STATEMENT_SKIPS,
    /** An UPDATE or DELETE fails, because another one has changed the same rows since. */
    STATEMENT_LOST,
    /** An OVERWRITE has lost a race, and other rows go than it had seen before. */
    OVERWRITTEN_MEANWHILE,
    /** An expirer leaves alone what a lease names. */
    LEASE_HEEDED,
    /** Somebody else has been faster to change options, and what was to be changed is begun anew. */
    ALTERATION_LOST,
    /** The store does not say that it has created a schema, and what stands there is what was to be put. */
    OWN_ALTERATION_FOUND;

    /** The name in words. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
