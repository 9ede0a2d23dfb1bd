package io.streamhouse.catalog;

/** What a job does when other work has been committed under its user since the state that it restores. */
public enum OlderSavepointPolicy {
    /** Refuse to start. */
    REFUSE,
    /** Go on under a fresh commit user; what the other timeline committed stays in the table. */
    NEW_USER
}
