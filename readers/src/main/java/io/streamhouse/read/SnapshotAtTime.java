package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Time travel by time: the one place that says which snapshot a time means. Stateless. */
public final class SnapshotAtTime {
    private SnapshotAtTime() {}

    /**
     * The newest snapshot whose commit time is at or before a time.
     *
     * @param millis milliseconds since the epoch; the future means the newest snapshot
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, naming the earliest that can be read, if older ones have
     *     expired; {@code SNAPSHOT_NOT_FOUND} if the table had none yet
     */
    public static Snapshot of(Table table, long millis) throws IOException {
        Optional<Snapshot> found = table.snapshots().atOrBefore(millis);
        if (found.isPresent()) {
            return found.get();
        }
        OptionalLong earliest = table.snapshots().earliestId();
        throw new StreamhouseException(
                earliest.orElse(1) > 1 ? ErrorCode.SNAPSHOT_EXPIRED : ErrorCode.SNAPSHOT_NOT_FOUND,
                "no snapshot of %s at or before %s%s"
                        .formatted(
                                table.name(),
                                Instant.ofEpochMilli(millis),
                                earliest.isPresent()
                                        ? ", the earliest that can be read is " + earliest.getAsLong()
                                        : ", the table has none yet"));
    }
}
