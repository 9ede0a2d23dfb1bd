package io.streamhouse.testkit.simulation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process can die so that it makes a difference: before and after each change of the store. What happens between
 * two of them is in memory and dies with the process.
 *
 * @param phase what the process was doing
 * @param call what it did to the store
 * @param kind kind of object, the directory below the table
 */
record CrashPoint(Phase phase, Call call, String kind) {
    private static final Pattern IN_TABLE = Pattern.compile("[^/]+/[^/]+/([a-z]+)/(.+)");

    /** Work of a process that owns a table. */
    enum Phase {
        FENCE,
        WRITE,
        COMMIT,
        COMPACT,
        EXPIRE
    }

    /** Changes of a store. */
    enum Call {
        PUT,
        PUT_IF_ABSENT,
        WRITE,
        DELETE
    }

    /** The point of a call; empty for what stands outside a table. */
    static Optional<CrashPoint> of(Phase phase, Call call, String path) {
        Matcher m = IN_TABLE.matcher(path);
        if (!m.matches()) {
            return Optional.empty();
        }
        String kind = path.endsWith("/snapshot/hint") ? "hint" : m.group(1);
        return Optional.of(new CrashPoint(phase, call, kind));
    }

    @Override
    public String toString() {
        return "%s.%s.%s".formatted(phase, call, kind).toLowerCase(java.util.Locale.ROOT);
    }
}
