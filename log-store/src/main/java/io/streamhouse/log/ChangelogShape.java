package io.streamhouse.log;

/** Which changes a subscriber gets; source: spec/changelog-semantics.md. */
public enum ChangelogShape {
    /** Complete -U, +U, -D, +I: a replica replays it without knowing keys. */
    FULL,
    /**
     * +U of every new row and -D of every deleted key, with null in the columns that are not of the key: a replica
     * replays it by key. May repeat an unchanged row and delete a key that never was.
     */
    UPSERT
}
