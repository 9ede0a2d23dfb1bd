package io.streamhouse.flink.source;

import java.util.List;
import java.util.Objects;

/**
 * Where an enumerator stands.
 *
 * @param cursor what comes after the splits found so far
 * @param nextSequence number of the next split
 * @param pending splits found and not assigned, in any order
 */
record EnumeratorState(Cursor cursor, long nextSequence, List<TableSplit> pending) {
    EnumeratorState {
        Objects.requireNonNull(cursor, "cursor");
        pending = List.copyOf(pending);
    }

    /** Before everything. */
    static final EnumeratorState START = new EnumeratorState(Cursor.START, 0, List.of());

    /**
     * What a planner has cut into splits.
     *
     * @param started false before the start position is resolved
     * @param nextSnapshot the commit whose changes come next
     * @param lastSnapshot the last commit to be read, inclusive; {@link #NO_END} for a stream without end
     */
    record Cursor(boolean started, long nextSnapshot, long lastSnapshot) {
        static final long NO_END = Long.MAX_VALUE;
        static final Cursor START = new Cursor(false, 0, NO_END);

        /** Whether nothing can follow. */
        boolean isDone() {
            return started && nextSnapshot > lastSnapshot;
        }
    }
}
