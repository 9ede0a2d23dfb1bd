package io.streamhouse.flink.source;

import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Finds splits and hands them out; runs in the coordinator's thread, plans in its worker.
 *
 * <p>Streams: the splits of a root bucket go to one reader, in the order of their numbers. After a restore the readers
 * report the splits they held, with positions, and nothing is handed out until all have reported: so a rescaled job
 * reads on in commit order. A reader that restarts alone reports what its last checkpoint held; what it was given since
 * comes back by {@link #addSplitsBack}. Both are known by number, so nothing is queued twice, and a report about a root
 * bucket of another reader is older than the first hand-out and void.
 *
 * <p>Batch scans: any split to any reader.
 */
final class TableEnumerator implements SplitEnumerator<TableSplit, EnumeratorState> {
    /** Splits handed out at once; more would only wait in the reader. */
    private static final int SPLITS_PER_REQUEST = 8;

    /** How often the lease is looked after where nothing is discovered, or seldom. */
    private static final long KEEP_MILLIS = 30_000;

    /** Splits found ahead of the readers, which bounds the state. */
    private static final int MAX_PENDING = 1_024;

    private final SplitEnumeratorContext<TableSplit> context;
    private final SplitPlanner planner;
    private final boolean ordered;
    private final Optional<Duration> interval;

    /** Splits that nobody has, by owner (streams) or all under 0 (scans), ascending by number. */
    private final Map<Integer, TreeMap<Long, TableSplit>> pending = new TreeMap<>();

    private final NeededSnapshots needed = new NeededSnapshots();
    private final Set<Integer> waiting = new TreeSet<>();
    private final Set<Integer> reported = new HashSet<>();
    private long nextSequence;

    /** Until the readers have reported what the checkpoint that was restored holds. */
    private boolean restored;

    /** Written by the coordinator's thread, read by the worker. */
    private volatile EnumeratorState.Cursor cursor;

    private volatile int pendingCount;

    /** The oldest snapshot that has to stay, 0 while it is not known. */
    private volatile long oldestNeeded;

    /** @param interval how often to look for commits; empty: plan once */
    TableEnumerator(
            SplitEnumeratorContext<TableSplit> context,
            SplitPlanner planner,
            boolean ordered,
            Optional<Duration> interval,
            EnumeratorState state) {
        this.context = context;
        this.planner = planner;
        this.ordered = ordered;
        this.interval = interval;
        this.cursor = state.cursor();
        this.restored = state.cursor().started();
        this.nextSequence = state.nextSequence();
        state.pending().forEach(this::enqueueAgain);
    }

    @Override
    public void start() {
        context.metricGroup().gauge("snapshotLag", this::snapshotLag);
        if (cursor.isDone()) {
            context.callAsync(this::keep, this::onKept, 0, KEEP_MILLIS);
            return;
        }
        if (interval.isPresent()) {
            context.callAsync(this::discover, this::onPlan, 0, interval.get().toMillis());
        } else {
            context.callAsync(this::discover, this::onPlan);
        }
        // who looks for commits often renews the lease with every look
        if (interval.isEmpty() || interval.get().toMillis() > KEEP_MILLIS) {
            context.callAsync(this::keep, this::onKept, KEEP_MILLIS, KEEP_MILLIS);
        }
    }

    private Void keep() throws IOException {
        planner.keep(oldestNeeded);
        return null;
    }

    private void onKept(Void nothing, Throwable error) {
        if (error != null) {
            throw failure(error);
        }
    }

    private static FlinkRuntimeException failure(Throwable error) {
        return error instanceof StreamhouseException s
                ? new FlinkRuntimeException(TaskErrors.of(s))
                : new FlinkRuntimeException("planning splits failed", error);
    }

    private long snapshotLag() {
        EnumeratorState.Cursor c = cursor;
        return c.started() ? Math.max(0, planner.latestSnapshot() + 1 - c.nextSnapshot()) : 0;
    }

    private SplitPlanner.Plan discover() throws IOException {
        EnumeratorState.Cursor from = cursor;
        if (ordered) {
            keep();
        }
        if (from.isDone() || pendingCount >= MAX_PENDING) {
            return new SplitPlanner.Plan(from, List.of(), from);
        }
        return planner.next(from, interval.isPresent() ? MAX_PENDING : Integer.MAX_VALUE);
    }

    private void onPlan(SplitPlanner.Plan plan, Throwable error) {
        if (error != null) {
            throw failure(error);
        }
        if (!plan.from().equals(cursor)) {
            // an answer to a question that was answered meanwhile
            return;
        }
        for (SplitPlanner.Piece piece : plan.splits()) {
            enqueue(piece.numbered(nextSequence++), piece.needed());
        }
        cursor = plan.next();
        assignWaiting();
        noteNeeded();
    }

    /** What the readers of a stream held when it was restored is known when all have reported. */
    private void noteNeeded() {
        boolean known = cursor.started() && (!ordered || reported.size() >= context.currentParallelism());
        if (known && restored) {
            needed.restored(cursor);
            restored = false;
        }
        oldestNeeded = known ? needed.oldest(cursor) : 0;
    }

    private int owner(TableSplit split) {
        return ordered ? split.rootBucket() % context.currentParallelism() : 0;
    }

    /** Queues a split that was given out or checkpointed before. */
    private void enqueueAgain(TableSplit split) {
        enqueue(split, needed.of(split.sequence()).orElseGet(() -> planner.neededBy(split)));
    }

    private void enqueue(TableSplit split, long oldest) {
        if (pending.computeIfAbsent(owner(split), k -> new TreeMap<>()).putIfAbsent(split.sequence(), split) == null) {
            pendingCount++;
            needed.found(split.sequence(), oldest);
        }
    }

    @Override
    public void addReader(int reader) {
        waiting.remove(reader);
        needed.lost(reader);
        boolean first = reported.add(reader);
        ReaderInfo info = context.registeredReaders().get(reader);
        List<TableSplit> held = info == null ? List.of() : info.getReportedSplitsOnRegistration();
        for (TableSplit split : held) {
            if (first || owner(split) == reader) {
                enqueueAgain(split);
            }
        }
        assignWaiting();
        noteNeeded();
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int reader) {
        waiting.remove(reader);
        needed.lost(reader);
        splits.forEach(this::enqueueAgain);
        if (!ordered) {
            assignWaiting();
        }
    }

    @Override
    public void handleSplitRequest(int reader, String host) {
        // readers ask when they have read all they had
        needed.finished(reader);
        waiting.add(reader);
        assignWaiting();
        noteNeeded();
    }

    private void assignWaiting() {
        if (ordered && reported.size() < context.currentParallelism()) {
            return;
        }
        for (int reader : List.copyOf(waiting)) {
            if (context.registeredReaders().containsKey(reader)) {
                assign(reader);
            } else {
                waiting.remove(reader);
            }
        }
    }

    private void assign(int reader) {
        TreeMap<Long, TableSplit> queue = pending.getOrDefault(ordered ? reader : 0, new TreeMap<>());
        List<TableSplit> taken = new ArrayList<>();
        int most = ordered ? SPLITS_PER_REQUEST : 1;
        while (taken.size() < most && !queue.isEmpty()) {
            taken.add(queue.pollFirstEntry().getValue());
        }
        if (!taken.isEmpty()) {
            pendingCount -= taken.size();
            waiting.remove(reader);
            needed.assigned(reader, taken);
            context.assignSplits(new SplitsAssignment<>(Map.of(reader, taken)));
        } else if (cursor.isDone()) {
            waiting.remove(reader);
            context.signalNoMoreSplits(reader);
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        needed.checkpoint(checkpoint, cursor);
        List<TableSplit> open = new ArrayList<>();
        pending.values().forEach(q -> open.addAll(q.values()));
        return new EnumeratorState(cursor, nextSequence, open);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        needed.completed(checkpoint);
        noteNeeded();
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) {
        needed.aborted(checkpoint);
        noteNeeded();
    }

    @Override
    public void close() throws IOException {
        try {
            if (ordered && oldestNeeded == NeededSnapshots.NONE) {
                planner.keep(oldestNeeded);
            }
        } finally {
            planner.close();
        }
    }
}
