package io.streamhouse.testkit.simulation;

import java.util.Locale;

/** What histories are counted by. */
public enum HistoryEvent {
    /** Histories run. */
    HISTORIES,
    /** Histories of two or more jobs that share neither a catalog nor a connection. */
    HISTORIES_SHARING_NOTHING,
    /** Snapshots with data. */
    COMMITS,
    /** FENCE snapshots. */
    FENCES,
    /** COMPACT snapshots. */
    COMPACTIONS,
    /** Of these, published by a job between two of its own commits. */
    INLINE_COMPACTIONS,
    /** Compactions that lost all their races. */
    LOST_COMPACTIONS,
    /** Compactions that gave up because an input had gone. */
    VOID_COMPACTIONS,
    /** Compactions that failed in the store. */
    FAILED_COMPACTIONS,
    /** Positions that a COMPACT masks in its outputs, because they were masked in its inputs meanwhile. */
    TRANSLATED_MASKS,
    /** Lost races, as the published snapshots count them ({@code change.conflicts}). */
    CONFLICTS,
    /** Lost races of all kinds: answers {@code HeadMoved} and repeated fences. */
    HEADS_MOVED,
    /** Attempts started from a state. */
    RESTORES,
    /** Of these, from another state than the newest. */
    OLDER_RESTORES,
    /** Attempts started beside a living one of the same user. */
    FORKS,
    /** Restores with another number of writers. */
    RESCALES,
    /** Starts without state under a user that exists. */
    STATELESS_RESTARTS,
    /** Moves of an attempt after a younger one of its user took over. */
    ZOMBIE_MOVES,
    /** Checkpoints with rows. */
    CHECKPOINTS,
    /** Checkpoints without rows, which publish nothing. */
    EMPTY_CHECKPOINTS,
    /** Checkpoints of a writer whose keys stand in its data file because there are too many for the committable. */
    STORED_PAYLOADS,
    /** Objects with the masks or delete keys of one commit. */
    MASK_OBJECTS,
    /** Manifests spilled or merged. */
    MANIFESTS,
    /** Mask segments merged. */
    MERGED_SEGMENTS,
    /** Checkpoints flushed while two earlier ones were not yet committed. */
    THIRD_IN_FLIGHT,
    /** Answers {@code Fenced}. */
    FENCED,
    /** Answers {@code Refused}. */
    REFUSED,
    /** Fences refused as {@code OLDER_SAVEPOINT}. */
    REFUSED_FENCES,
    /** Restores that went on under a fresh user. */
    NEW_USERS,
    /** Answers {@code AlreadyCommitted}. */
    ALREADY_COMMITTED,
    /** Batch attempts. */
    BATCH_ATTEMPTS,
    /** UPDATE and DELETE statements published. */
    ROW_DELTAS,
    /** Of these, of rows without key, named by position. */
    POSITION_DELTAS,
    /** Rows that they changed. */
    REPLACED_ROWS,
    /** Rows that they left alone, because somebody had changed them since. */
    SKIPPED_ROWS,
    /** Statements refused, because another one had changed the same rows or the table was rolled back. */
    REFUSED_STATEMENTS,
    /** INSERT OVERWRITE, TRUNCATE and DROP PARTITION. */
    OVERWRITES,
    /** Of these, of the partitions that the new rows are in. */
    DYNAMIC_OVERWRITES,
    /** Rows that they took away. */
    OVERWRITTEN_ROWS,
    /** Rollbacks. */
    ROLLBACKS,
    /** Corrections of a snapshot that had expired. */
    LATE_CORRECTIONS,
    /** Snapshots let go. */
    EXPIRED_SNAPSHOTS,
    /** Their records deleted. */
    DELETED_RECORDS,
    /** Objects deleted that only they named. */
    DELETED_OBJECTS,
    /** Cleanings that came to their end. */
    CLEANINGS,
    /** Cleanings that something kept from their end. */
    FAILED_CLEANINGS,
    /** Cleaners that said what they may take. */
    ANNOUNCEMENTS,
    /** Objects deleted that no snapshot ever named. */
    ORPHANS,
    /** Long pauses right before a put. */
    STALLED_PUBLISHERS,
    /** Snapshots put into slots that had expired. */
    REFILLED_SLOTS,
    /** Of these, deleted as strays. */
    STRAY_RECORDS,
    /** Attempts started from states whose newest commit had expired. */
    OUTDATED_RESTORES,
    /** Scans under a lease. */
    LEASED_READS,
    /** Scans without. */
    SHORT_READS,
    /** Of these, overtaken by expiry, and told so. */
    OVERTAKEN_READS,
    /** Readers that asked for expired snapshots and changes, and were told what is left. */
    LATE_READERS,
    /** Rows without key that a rollback over a compaction took away and gave back as they were. */
    MOVED_ROWS_TOLD,
    /** Changes of options that were acknowledged. */
    ALTERATIONS,
    /** Of options that the table must refuse, or must refuse beside what another one has changed. */
    REFUSED_ALTERATIONS,
    /** Changes of options whose outcome stayed unknown. */
    UNKNOWN_ALTERATIONS,
    /** Machines that lost their power with all their processes. */
    POWER_LOSSES,
    /** Snapshots that could be seen and were taken by it, because nobody had been told that they stay. */
    TAKEN_SNAPSHOTS,
    /** Calls under way that never reached the store because of it. */
    LOST_PUTS,
    /** Calls of commit whose outcome stayed unknown to the caller. */
    UNKNOWN_OUTCOMES,
    /** Calls of the store. */
    STORE_CALLS,
    /** Faults injected. */
    FAULTS,
    /** Of these, answers lost after the store had applied the call. */
    LOST_RESPONSES,
    /** Rows that commits looked at again. */
    EXAMINED_ROWS,
    /** Changes that subscribers saw. */
    CHANGES_READ,
    /** Snapshots judged. */
    SNAPSHOTS_CHECKED;

    /** The name in words. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
