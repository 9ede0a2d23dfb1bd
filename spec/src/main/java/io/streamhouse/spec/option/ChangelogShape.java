package io.streamhouse.spec.option;

/** What a changelog shows of a changed row. */
public enum ChangelogShape {
    /** -U and +U, +I, -D; rows whose columns are all equal are left out. */
    FULL,
    /** +U and -D only: cheaper, may repeat an unchanged row. */
    UPSERT
}
