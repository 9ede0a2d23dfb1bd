package io.streamhouse.spec.option;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Which snapshots of a table are kept. Keys: {@code snapshot.time-retained}, {@code snapshot.num-retained.min}, {@code
 * snapshot.num-retained.max}.
 *
 * @param time how far back from the newest snapshot the table can be read
 * @param min newest snapshots that are kept whatever their age, at least 1
 * @param max snapshots that are kept at most, whatever their age; not less than {@code min}; {@code Long.MAX_VALUE} for no
 *     limit
 */
public record SnapshotRetention(Duration time, long min, long max) {
    public SnapshotRetention {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || min < 1 || max < min) {
            throw new IllegalArgumentException("snapshots of %s, %d to %d".formatted(time, min, max));
        }
    }

    /** Parses the options of this name; a maximum below the minimum is {@code BAD_OPTION_VALUE}. */
    public static SnapshotRetention parse(Map<String, String> options) {
        Duration time = Options.value(Options.SNAPSHOT_TIME_RETAINED, options);
        long min = Options.value(Options.SNAPSHOT_MIN_RETAINED, options);
        long max = Options.SNAPSHOT_MAX_RETAINED.read(options).orElse(Long.MAX_VALUE);
        if (max < min) {
            throw Option.bad("'%s' = '%d' is below '%s' = '%d'"
                    .formatted(Options.SNAPSHOT_MAX_RETAINED.key(), max, Options.SNAPSHOT_MIN_RETAINED.key(), min));
        }
        return new SnapshotRetention(time, min, max);
    }
}
