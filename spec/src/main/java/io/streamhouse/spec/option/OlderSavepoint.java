package io.streamhouse.spec.option;

/** What a job does that restores a state while its commit user has committed newer work. */
public enum OlderSavepoint {
    /** It fails with OLDER_SAVEPOINT. */
    REFUSE,
    /** It goes on under a fresh commit user; what the other timeline committed stays in the table. */
    NEW_USER
}
