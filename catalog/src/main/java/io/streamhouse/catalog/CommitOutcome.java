package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.Snapshot;
import java.util.Optional;

/** How an attempt to publish ended. */
public sealed interface CommitOutcome {
    /**
     * Published by this very call.
     *
     * @param snapshot the new snapshot
     */
    record Committed(Snapshot snapshot) implements CommitOutcome {}

    /**
     * The delta is in the table, by an earlier attempt or by this one.
     *
     * @param head a head that holds it
     */
    record AlreadyCommitted(Optional<Snapshot> head) implements CommitOutcome {}

    /**
     * A newer attempt has taken over the commit user; nothing was published.
     *
     * @param message what took over, with the values
     */
    record Fenced(String message) implements CommitOutcome {}

    /**
     * Never to be published; nothing was.
     *
     * @param code why
     * @param message what was found and expected
     */
    record Refused(ErrorCode code, String message) implements CommitOutcome {}

    /**
     * Another snapshot took the place; nothing of this draft is in the table. Resolve against the new head and try again.
     *
     * @param head the newest snapshot
     */
    record HeadMoved(Snapshot head) implements CommitOutcome {}
}
