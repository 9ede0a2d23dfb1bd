package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.testkit.TableModel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A reader that plans a scan at one move and reads it at later ones, with or without a lease, and now and then asks for
 * what has expired. What is protected must stand and be the model's; who comes too late must be told so, and what is left.
 */
final class PatientReader {
    static final Duration LEASE = Duration.ofMinutes(10);

    private final History history;
    private World.Process process;
    private Optional<Read> open = Optional.empty();

    /**
     * A scan under way.
     *
     * @param snapshot the snapshot that it reads
     * @param scan the rest of it
     * @param lease what keeps it from expiring, if anything does
     * @param rows what it has read
     */
    private record Read(
            long snapshot,
            BatchScan scan,
            Optional<LeaseHandle> lease,
            NavigableMap<List<Object>, List<Object>> rows,
            long[] protectedUntil) {}

    PatientReader(History history) {
        this.history = history;
    }

    /** Whoever asks for the newest snapshot gets the one that the judge has seen last, however long they have slept. */
    void seeNewest() throws IOException {
        long before = history.judge().head();
        Optional<Snapshot> newest;
        try {
            newest = awake().table().snapshots().latest();
        } catch (StreamhouseException | IOException e) {
            history.failure(e);
            return;
        }
        history.judge().look();
        history.judge().requireNewest(newest, before);
    }

    private World.Process awake() throws IOException {
        if (process == null || process.connection().isCrashed()) {
            process = history.world().start();
        }
        return process;
    }

    void move() throws IOException {
        history.judge().look();
        if (history.judge().head() == 0) {
            return;
        }
        try {
            awake();
            if (open.isPresent()) {
                readOn(open.get());
            } else if (random().nextInt(3) == 0) {
                askLate();
            } else {
                begin();
            }
        } catch (StreamhouseException | IOException e) {
            history.trace().note("reader fails: %s", history.failure(e).getMessage());
            open = Optional.empty();
        }
    }

    private void begin() throws IOException {
        Table table = process.table();
        long earliest = history.judge().earliest();
        long head = history.judge().head();
        long id = earliest + random().nextInt((int) (head - earliest + 1));
        boolean leased = random().nextInt(3) > 0;
        try {
            long[] until = new long[1];
            Optional<LeaseHandle> lease = Optional.empty();
            if (leased) {
                until[0] = history.world().elapsedMillis() + LEASE.toMillis();
                lease = Optional.of(table.leases().take(id, LEASE, "reader"));
            } else {
                // a boundary whose put takes long leaves readers without a lease less
                until[0] = history.world().settings().faults()
                        ? 0
                        : history.world().elapsedMillis() + SnapshotExpiry.GRACE.toMillis();
            }
            BatchScan scan = TableScan.of(table).snapshot(id).open();
            open = Optional.of(new Read(id, scan, lease, new TreeMap<>(TableModel.naturalOrder()), until));
            history.trace().note("reader begins snapshot %d%s", id, leased ? " under a lease" : "");
            history.tally().add(leased ? HistoryEvent.LEASED_READS : HistoryEvent.SHORT_READS);
        } catch (StreamhouseException e) {
            requireTooLate(e, id, left());
        }
    }

    private void readOn(Read read) throws IOException {
        boolean kept = history.world().elapsedMillis() < read.protectedUntil()[0];
        try {
            if (read.lease().isPresent()) {
                long until = history.world().elapsedMillis() + LEASE.toMillis();
                if (read.lease().get().renewIfDue(read.snapshot())) {
                    read.protectedUntil()[0] = until;
                }
            }
            ColumnBatch batch = read.scan().next();
            if (batch == null) {
                history.judge().requireRows(read.snapshot(), read.rows());
                history.trace().note("reader ends snapshot %d", read.snapshot());
                end(read);
            } else {
                take(read.scan(), batch, read.rows());
            }
        } catch (StreamhouseException e) {
            if (history.world().isExplained(e)) {
                throw e;
            }
            if (kept) {
                throw new AssertionError(
                        "a read of snapshot %d that is protected for %d ms more fails: %s"
                                .formatted(
                                        read.snapshot(),
                                        read.protectedUntil()[0]
                                                - history.world().elapsedMillis(),
                                        e.getMessage()),
                        e);
            }
            requireTooLate(e, read.snapshot(), left());
            history.tally().add(HistoryEvent.OVERTAKEN_READS);
            end(read);
        }
    }

    private void end(Read read) throws IOException {
        open = Optional.empty();
        if (random().nextInt(4) > 0) { // otherwise it dies and leaves its lease behind
            read.scan().close();
            if (read.lease().isPresent()) {
                read.lease().get().close();
            }
        }
    }

    /** Asks for what has expired. */
    private void askLate() throws IOException {
        long earliest = history.judge().earliest();
        if (earliest == 1) {
            return;
        }
        Table table = process.table();
        long id = 1 + random().nextInt((int) (earliest - 1));
        NavigableMap<List<Object>, List<Object>> rows = new TreeMap<>(TableModel.naturalOrder());
        try (BatchScan scan = TableScan.of(table).snapshot(id).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                take(scan, batch, rows);
            }
            // who has read the record before may find that nothing has been deleted yet
            history.judge().requireRows(id, rows);
        } catch (StreamhouseException e) {
            requireTooLate(e, id, "the earliest that can be read is " + earliest);
        }
        try {
            Changelog.of(table).from(Start.fromSnapshot(id)).open().close();
        } catch (StreamhouseException e) {
            requireTooLate(e, id, "those of snapshot " + (earliest + 1));
            history.tally().add(HistoryEvent.LATE_READERS);
            return;
        }
        throw new AssertionError(
                "changes of snapshot %d can be read, the earliest snapshot is %d".formatted(id, earliest));
    }

    private void take(BatchScan scan, ColumnBatch batch, NavigableMap<List<Object>, List<Object>> rows) {
        int keyColumns = history.world().settings().shape().keyColumns();
        for (int i = 0; i < batch.selectedCount(); i++) {
            List<Object> row = VisibleTable.values(RowReader.row(batch, scan.columns(), batch.position(i)));
            rows.put(row.subList(0, keyColumns), row);
        }
    }

    private String left() throws IOException {
        return "the earliest that can be read is " + history.judge().earliest();
    }

    /** Only what has expired is refused as such, and the refusal says what is left. */
    private void requireTooLate(StreamhouseException e, long id, String named) throws IOException {
        if (history.world().isExplained(e)) {
            throw e;
        }
        long earliest = history.judge().earliest();
        if (e.code() != ErrorCode.SNAPSHOT_EXPIRED
                || id >= earliest
                || !e.getMessage().contains(named)) {
            throw new AssertionError(
                    "a reader of snapshot %d, the earliest is %d, is told %s: %s"
                            .formatted(id, earliest, e.code(), e.getMessage()),
                    e);
        }
    }

    private RandomGenerator random() {
        return history.random();
    }
}
