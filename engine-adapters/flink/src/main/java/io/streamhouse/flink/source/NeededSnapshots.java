package io.streamhouse.flink.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which snapshots a running scan and its checkpoints still need. The coordinator's thread writes.
 *
 * <p>Splits are counted from when they are found until the reader that has them asks for more. A checkpoint needs what was
 * needed when it began, from then on until two later ones are complete: the newest may be a savepoint, from which a failed
 * job is not restored.
 */
final class NeededSnapshots {
    /** Nothing is needed. */
    static final long NONE = Long.MAX_VALUE;

    /** Needs of the splits that nobody has finished, by their numbers. */
    private final TreeMap<Long, Long> open = new TreeMap<>();

    private final Map<Integer, List<Long>> held = new HashMap<>();
    private final NavigableMap<Long, Long> checkpoints = new TreeMap<>();
    private long completed = NONE;
    private long completedBefore = NONE;

    /** A split was found, or found again. */
    void found(long sequence, long need) {
        open.put(sequence, need);
    }

    /** What an open split needs. */
    OptionalLong of(long sequence) {
        Long need = open.get(sequence);
        return need == null ? OptionalLong.empty() : OptionalLong.of(need);
    }

    /** A reader has got splits. */
    void assigned(int reader, List<TableSplit> splits) {
        List<Long> numbers = held.computeIfAbsent(reader, r -> new ArrayList<>());
        splits.forEach(s -> numbers.add(s.sequence()));
    }

    /** A reader has read all it had. */
    void finished(int reader) {
        List<Long> numbers = held.remove(reader);
        if (numbers != null) {
            numbers.forEach(open::remove);
        }
    }

    /** A reader has failed: what it has not read for its checkpoint comes back by {@link #found}, the rest never. */
    void lost(int reader) {
        finished(reader);
    }

    /** The job has been restored, and its readers have said what they held: this may be restored again. */
    void restored(EnumeratorState.Cursor cursor) {
        completed = now(cursor);
    }

    /** A checkpoint begins. */
    void checkpoint(long id, EnumeratorState.Cursor cursor) {
        checkpoints.put(id, now(cursor));
    }

    /** A checkpoint is complete. */
    void completed(long id) {
        Long need = checkpoints.get(id);
        if (need != null) {
            completedBefore = completed;
            completed = need;
        }
        checkpoints.headMap(id, true).clear();
    }

    void aborted(long id) {
        checkpoints.remove(id);
    }

    /** The oldest snapshot that has to stay, {@link #NONE} if there is none. */
    long oldest(EnumeratorState.Cursor cursor) {
        long oldest = Math.min(now(cursor), Math.min(completed, completedBefore));
        for (long need : checkpoints.values()) {
            oldest = Math.min(oldest, need);
        }
        return oldest;
    }

    private long now(EnumeratorState.Cursor cursor) {
        long oldest = NONE;
        if (cursor.started() && !cursor.isDone()) {
            // changes are cut out of a commit and the snapshot before it
            oldest = Math.max(1, cursor.nextSnapshot() - 1);
        }
        // needs ascend with the numbers of splits: commit order in streams, one snapshot in scans
        return open.isEmpty() ? oldest : Math.min(oldest, open.firstEntry().getValue());
    }
}
