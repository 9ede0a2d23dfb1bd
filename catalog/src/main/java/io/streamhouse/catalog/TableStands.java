package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether the table that was opened still stands: it may be dropped, and another one made in its place, beside whoever works on
 * it. What such a one puts then is part of no table, and a boundary of it would expire the other's snapshots. Thread-safe.
 *
 * <p>{@code schema/0.json} says so: DROP TABLE deletes it first, CREATE TABLE puts it last, nothing else does either.
 */
final class TableStands {
    /** Least time between two questions of who commits: what is put within it goes unnoticed. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final SchemaFiles schemas;
    private final TableIdentity identity;
    private final Pace pace;

    TableStands(SchemaFiles schemas, TableIdentity identity, InstantSource clock) {
        this.schemas = schemas;
        this.identity = identity;
        this.pace = new Pace(clock, INTERVAL);
    }

    /** {@link #require} if the last answer is old enough, and the first time. */
    void requireIfDue() {
        if (pace.isDue()) {
            require();
        }
    }

    /**
     * Asks the store. Whatever leaves a doubt proves nothing: a commit that stands must not be called lost. Who was refused once
     * is refused again.
     *
     * @throws StreamhouseException {@code CORRUPT_FILE} if there is no table any more, or another one
     */
    void require() {
        Optional<UUID> found;
        try {
            found = schemas.read(0).table();
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                throw gone("it has gone");
            }
            return; // damaged: that is for who needs it to say
        } catch (IOException e) {
            return;
        }
        if (!found.equals(identity.table())) {
            throw gone("it is another table's");
        }
        pace.begin();
    }

    private static StreamhouseException gone(String how) {
        return StreamhouseException.corrupt(
                SchemaFiles.path(0),
                how
                        + ": the table was dropped since it was opened, and perhaps made anew; what was put into it since is part of no table");
    }
}
