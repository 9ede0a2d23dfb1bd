package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.Snapshot;
import java.util.Optional;

/** What the commit map of one head says about one delta, before anything is published. */
public sealed interface CommitVerdict {
    /**
     * How the commit ends if this verdict ends it; empty if the delta may be published.
     *
     * @param head the head whose commit map was asked
     */
    Optional<CommitOutcome> outcome(Optional<Snapshot> head);

    /** The delta is next in its timeline. */
    record Go() implements CommitVerdict {
        @Override
        public Optional<CommitOutcome> outcome(Optional<Snapshot> head) {
            return Optional.empty();
        }
    }

    /** The delta is in the table; the normal case after every restore. */
    record Already() implements CommitVerdict {
        @Override
        public Optional<CommitOutcome> outcome(Optional<Snapshot> head) {
            return Optional.of(new CommitOutcome.AlreadyCommitted(head));
        }
    }

    /**
     * A newer attempt has taken over the commit user.
     *
     * @param message what took over, with the values
     */
    record Fenced(String message) implements CommitVerdict {
        @Override
        public Optional<CommitOutcome> outcome(Optional<Snapshot> head) {
            return Optional.of(new CommitOutcome.Fenced(message));
        }
    }

    /**
     * The delta does not continue what the table holds.
     *
     * @param code why
     * @param message what was found and expected
     */
    record Refused(ErrorCode code, String message) implements CommitVerdict {
        @Override
        public Optional<CommitOutcome> outcome(Optional<Snapshot> head) {
            return Optional.of(new CommitOutcome.Refused(code, message));
        }
    }
}
