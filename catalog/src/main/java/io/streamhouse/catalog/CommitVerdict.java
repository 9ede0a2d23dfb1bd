package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;

/** What the commit map of one head says about one delta, before anything is published. */
public sealed interface CommitVerdict {
    /** The delta is next in its timeline. */
    record Go() implements CommitVerdict {}

    /** The delta is in the table; the normal case after every restore. */
    record Already() implements CommitVerdict {}

    /**
     * A newer attempt has taken over the commit user.
     *
     * @param message what took over, with the values
     */
    record Fenced(String message) implements CommitVerdict {}

    /**
     * The delta does not continue what the table holds.
     *
     * @param code why
     * @param message what was found and expected
     */
    record Refused(ErrorCode code, String message) implements CommitVerdict {}
}
