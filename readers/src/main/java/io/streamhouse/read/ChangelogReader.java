package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.ChangeSplitId;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.log.Phase;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A subscription to one table, all splits in order. One thread.
 *
 * <p>Every snapshot ends with exactly one batch that says {@code lastOfCommit}, empty and after all of its changes; commits
 * that change nothing have only that one.
 */
public final class ChangelogReader implements AutoCloseable {
    private final Table table;
    private final ReadRequest request;
    private final ChangelogPlanner planner;
    private final long last;
    private final Waiting waiting;
    private final ReadLease lease;

    private ChangePosition position;
    private long known;

    /** Splits of the position's snapshot, null until they are planned. */
    private List<ChangeSplit> splits;

    private int split;
    private ChangeSplitReader reader;
    private CommitStamp stamp;
    private long suppressed;

    /**
     * How to wait for commits.
     *
     * @param interval between two looks
     * @param pause how
     */
    record Waiting(Duration interval, Pause pause) {}

    ChangelogReader(Table table, ReadRequest request, ChangelogShape shape, Resolution resolution, Waiting waiting) {
        this.table = table;
        this.request = request;
        this.planner = ChangelogPlanner.of(table, shape);
        this.position = resolution.first();
        this.last = resolution.last();
        this.waiting = waiting;
        this.lease = new ReadLease(table, "changelog");
    }

    /** The columns of every batch. */
    public List<Field> columns() {
        return request.columns();
    }

    /** Whether the bound has been reached and everything up to it delivered. */
    public boolean isFinished() {
        return position.snapshotId() > last;
    }

    /** Where a reader has to go on in order to deliver everything after the last batch, and nothing twice. */
    public ChangePosition position() {
        return position;
    }

    /** Pairs of equal rows left out so far; those that are read again after a failure count again. */
    public long suppressed() {
        return suppressed + (reader == null ? 0 : reader.suppressed());
    }

    /** Goes on at a position of this or another reader of the same table and shape. */
    public void seek(ChangePosition where) throws IOException {
        splits = null;
        position = where;
        lease.moved();
        closeReader();
    }

    /**
     * The next changes; waits up to {@code timeout} for a commit. Null if there is nothing new, or the bound is reached.
     * After a failure the next call goes on at {@link #position}, without gap or repetition.
     *
     * @throws io.streamhouse.spec.StreamhouseException {@code SNAPSHOT_EXPIRED}, naming the earliest, if the reader came
     *     too late
     */
    public ChangeBatch poll(Duration timeout) throws IOException {
        Duration rest = timeout;
        lease.keep(oldestNeeded());
        while (!isFinished()) {
            if (splits == null && !plan()) {
                if (rest.isNegative() || rest.isZero()) {
                    return null;
                }
                Duration step = rest.compareTo(waiting.interval()) < 0 ? rest : waiting.interval();
                waiting.pause().pause(step);
                rest = rest.minus(step);
                continue;
            }
            return readOrForget();
        }
        return null;
    }

    /** Changes are the difference to the snapshot before; where that one has expired, what is left. */
    private long oldestNeeded() {
        long id = position.snapshotId();
        return position.phase() == Phase.FULL || id <= table.snapshots().knownEarliestId() ? id : id - 1;
    }

    /** A reader that failed has lost its place: what is open is dropped, and opened again where the last batch ended. */
    private ChangeBatch readOrForget() throws IOException {
        boolean done = false;
        try {
            ChangeBatch batch = read();
            done = true;
            return batch;
        } finally {
            if (!done) {
                forget();
            }
        }
    }

    private void forget() {
        splits = null;
        try {
            closeReader();
        } catch (IOException e) {
            // the failure that came first is the one to tell
        }
    }

    /** Plans the position's snapshot; false if it does not exist yet. */
    private boolean plan() throws IOException {
        long id = position.snapshotId();
        if (position.phase() == Phase.CHANGES) {
            if (id > known) {
                known = planner.latestId();
            }
            if (id > known) {
                return false;
            }
        }
        stamp = planner.stamp(id);
        try {
            splits = position.phase() == Phase.FULL ? planner.fullSplitsOf(id) : planner.splitsOf(id);
        } catch (StreamhouseException e) {
            throw Expiry.explained(e, table, id);
        }
        split = 0;
        Optional<ChangeSplitId> at = position.split();
        while (at.isPresent() && split < splits.size() && splits.get(split).id().compareTo(at.get()) < 0) {
            split++;
        }
        return true;
    }

    private ChangeBatch read() throws IOException {
        while (split < splits.size()) {
            ChangeSplit current = splits.get(split);
            if (reader == null) {
                reader = ChangeSplitReader.open(table, current, request, consumed(current));
            }
            ChangeBatch batch = reader.next();
            if (batch != null) {
                long at = batch.rowsConsumed()[batch.rowCount() - 1];
                position = ChangePosition.in(position.phase(), position.snapshotId(), current.id(), at);
                return batch;
            }
            closeReader();
            split++;
        }
        splits = null;
        position = ChangePosition.changes(position.snapshotId() + 1);
        return new ChangeBatch(noRows(), new byte[0], new long[0], stamp, true);
    }

    private long consumed(ChangeSplit current) {
        boolean resumed = position.split().isPresent() && position.split().get().equals(current.id());
        return resumed ? position.rowsConsumed() : 0;
    }

    private ColumnBatch noRows() {
        List<ColumnVector> none = new ArrayList<>();
        for (Field f : request.columns()) {
            none.add(ColumnBuilder.of(f.type().physical()).build());
        }
        return new ColumnBatch(none, 0, null);
    }

    private void closeReader() throws IOException {
        ChangeSplitReader open = reader;
        reader = null;
        if (open != null) {
            suppressed += open.suppressed();
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        try (lease) {
            closeReader();
        }
    }
}
