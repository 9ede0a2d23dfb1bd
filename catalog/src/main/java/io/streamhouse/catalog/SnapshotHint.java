package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;

/** {@code snapshot/hint}: some id that was the newest a while ago. May be stale or gone; decides nothing. Thread-safe. */
final class SnapshotHint {
    static final String PATH = SnapshotSlots.DIRECTORY + "/hint";
    /** Least time between two hints of one chain. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int MAX_BYTES = 32;

    private final ObjectStore store;
    private final Pace pace;

    SnapshotHint(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.pace = new Pace(clock, INTERVAL);
    }

    /** The id, or empty if there is none that makes sense. */
    OptionalLong read() {
        try {
            long size = store.size(PATH);
            if (size < 1 || size > MAX_BYTES) {
                return OptionalLong.empty();
            }
            String text = new String(store.read(PATH), StandardCharsets.US_ASCII).trim();
            return text.matches("[1-9][0-9]{0,17}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (IOException | StreamhouseException e) {
            return OptionalLong.empty(); // a listing finds what the hint would have said
        }
    }

    /** Writes the id if the last hint is old enough; true if it was written. */
    boolean offer(long id) {
        if (!pace.take()) {
            return false;
        }
        try {
            store.put(PATH, Long.toString(id).getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException | StreamhouseException e) {
            return false; // the commit stands; readers probe from an older id
        }
    }
}
