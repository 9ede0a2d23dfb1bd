package io.streamhouse.spec.option;

/** What a changelog shows of a changed row. */
public enum ChangelogShape {
    /** Complete -U, +U, -D, +I: a replica replays it without knowing keys; equal rows are left out. */
    FULL,
    /** +U of every new row and -D of every deleted key with null outside the key; may repeat an unchanged row. */
    UPSERT
}
