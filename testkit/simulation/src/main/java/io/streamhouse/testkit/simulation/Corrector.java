package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.testkit.simulation.VisibleTable.Place;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.SnapshotPin;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Somebody who corrects what the table holds: statements that read at one move and are published at a later one,
 * overwrites, rollbacks. An unknown outcome is asked for again.
 */
final class Corrector {
    private static final int MAX_TRIES = 3;
    private static final int MAX_ROWS = 400;
    private static final int MAX_BACK = 6;
    private static final int WRITERS = 2;
    private static final Path SPILL = Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-simulation");

    private final History history;
    /** What has been written and is not published. */
    private Optional<Publishing> ready = Optional.empty();

    private boolean busy;

    /** The second half of a correction, whose first half was an earlier move. */
    private interface Publishing {
        void run() throws IOException;
    }

    /** A call that may be made again until its outcome is known. */
    private interface Call {
        CommitOutcome commit() throws IOException;
    }

    /**
     * A statement that has read and written, and is not published.
     *
     * @param process where it runs
     * @param delta what its writers wrote
     * @param simulated what it means
     * @param correction what it wants
     * @param lease what keeps its base from expiring
     * @param leasedUntil when the lease ends by itself
     */
    private record Statement(
            World.Process process,
            CommitDelta delta,
            SimulatedDelta simulated,
            Correction.RowDelta correction,
            LeaseHandle lease,
            long leasedUntil) {}

    Corrector(History history) {
        this.history = history;
    }

    /** Whether something written waits to be published. */
    boolean canPublish() {
        return ready.isPresent() && !busy;
    }

    /** Publishes what waits, or begins something. */
    void move() {
        busy = true;
        try {
            int x = random().nextInt(100);
            if (ready.isPresent()) {
                Publishing publishing = ready.get();
                ready = Optional.empty();
                publishing.run();
            } else if (x < 60) {
                read();
            } else if (x < 85) {
                overwrite();
            } else {
                rollBack();
            }
        } catch (StreamhouseException | IOException e) {
            history.trace().note("correction fails: %s", history.failure(e).getMessage());
        } finally {
            busy = false;
        }
    }

    private void read() throws IOException {
        long base = history.judge().head();
        boolean keyed = history.world().settings().shape().isKeyed();
        List<Write> changes = new ArrayList<>();
        for (List<Object> key : history.judge().rows().keySet()) {
            if (random().nextInt(10) < 6 && changes.size() < MAX_ROWS) {
                boolean delete = random().nextInt(10) < 3;
                changes.add(delete ? Write.delete(key) : Write.upsert(key, row(key)));
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        World.Process process = history.world().start();
        long leasedUntil = history.world().elapsedMillis() + PatientReader.LEASE.toMillis();
        LeaseHandle lease = process.table().leases().take(base, PatientReader.LEASE, "statement");
        NavigableMap<List<Object>, Place> places = history.judge().places();
        RowViews views = RowViews.of(process.table().schema().fields(), List.of());
        List<TableDelta> parts = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            try (TableWriter writer = keyed
                    ? TableWriter.forRowDelta(process.table(), settings(w), base)
                    : TableWriter.forPositions(process.table(), settings(w), base)) {
                for (Write change : changes) {
                    if (Math.floorMod(change.key().hashCode(), WRITERS) != w) {
                        continue;
                    }
                    if (keyed) {
                        write(writer, change);
                    } else {
                        change(writer, views, places.get(change.key()), change);
                    }
                }
                writer.flush().ifPresent(parts::add);
            }
        }
        CommitDelta delta = statement(process.table(), parts);
        SimulatedDelta simulated = simulated(delta.identity(), changes);
        history.trace().note("%s reads snapshot %d", simulated, base);
        Correction.RowDelta correction = new Correction.RowDelta(base, changes, kind(), !keyed);
        Statement statement = new Statement(process, delta, simulated, correction, lease, leasedUntil);
        ready = Optional.of(() -> publish(statement));
    }

    /** A row without key is named by the position at which the base shows it. */
    private static void change(TableWriter writer, RowViews views, Place place, Write change) throws IOException {
        if (change.row().isPresent()) {
            Row row = Row.of(change.row().get().toArray());
            writer.replace(place.file(), place.position(), views.view(row));
        } else {
            writer.remove(place.file(), place.position());
        }
    }

    private SnapshotKind kind() {
        return history.world().mutant() == Mutant.BLIND_UPDATE ? SnapshotKind.APPEND : SnapshotKind.ROW_DELTA;
    }

    private List<Object> row(List<Object> key) {
        List<Object> row = new ArrayList<>(key);
        row.add(history.nextValue());
        return row;
    }

    private static void write(TableWriter writer, Write change) throws IOException {
        if (change.row().isPresent()) {
            writer.write(RowKind.UPDATE_AFTER, Row.of(change.row().get().toArray()));
        } else {
            writer.write(RowKind.DELETE, KeyShape.row(change.key(), null));
        }
    }

    private static WriterSettings settings(int writer) {
        return new WriterSettings(writer, WRITERS, DataSize.ofMebibytes(1), SPILL);
    }

    private CommitDelta statement(Table table, List<TableDelta> parts) {
        return CommitTimeline.fresh(CommitUser.fresh(), table.components().ids())
                .next(1, OptionalLong.empty(), parts, true);
    }

    private SimulatedDelta simulated(DeltaIdentity identity, List<Write> writes) {
        return new SimulatedDelta(history.judge().name(identity.delta()), identity, List.of(), writes);
    }

    private void publish(Statement statement) throws IOException {
        SimulatedDelta simulated = statement.simulated();
        history.judge().register(simulated, statement.correction());
        Table table = statement.process().table();
        Mutant mutant = history.world().mutant();
        Call call;
        if (mutant == Mutant.BLIND_UPDATE) {
            call = () -> {
                try (TableCommitter committer = TableCommitter.open(table)) {
                    return committer.commit(statement.delta());
                }
            };
        } else {
            RowDeltaCommitter.Rules rules = new RowDeltaCommitter.Rules(
                    mutant != Mutant.UPDATE_OVER_ROLLBACK,
                    mutant != Mutant.UPDATE_OVER_UPDATE,
                    mutant != Mutant.UPDATE_WITHOUT_TRANSLATION);
            call = () -> RowDeltaCommitter.open(table, rules).commit(statement.delta());
        }
        CommitOutcome outcome;
        try {
            outcome = known(simulated, call);
        } catch (StreamhouseException e) {
            requireTooLate(e, simulated, statement.correction().base());
            if (history.world().elapsedMillis() < statement.leasedUntil()) {
                throw new AssertionError(
                        "snapshot %d of %s has expired under its lease"
                                .formatted(statement.correction().base(), simulated.name()),
                        e);
            }
            return;
        }
        history.judge().look();
        boolean published = history.judge().timelines().isPublished(simulated);
        if (outcome instanceof CommitOutcome.Refused refused) {
            Optional<String> objection =
                    statement.correction().objection(history.judge().past());
            if (refused.code() != ErrorCode.WRITE_CONFLICT || published || objection.isEmpty()) {
                throw new AssertionError("%s is refused: %s".formatted(simulated.name(), refused.message()));
            }
            history.trace().note("refused: %s", objection.get());
            history.tally().add(HistoryEvent.REFUSED_STATEMENTS);
        } else {
            requirePublished(simulated, outcome);
        }
        statement.lease().close();
    }

    /** Replaces the table, a partition that is named, or the partitions that the new rows are in. */
    private void overwrite() throws IOException {
        World.Process process = history.world().start();
        List<String> columns = process.table().schema().layout().partitionKeys();
        boolean isDynamic = random().nextBoolean();
        Optional<Object> named = columns.isEmpty() || isDynamic
                ? Optional.empty()
                : Optional.of(history.world()
                        .settings()
                        .shape()
                        .key(random().nextInt(2))
                        .get(0));
        List<Write> rows = newRows(named);
        Extent extent = isDynamic
                ? new Extent.OfNewRows()
                : named.<Extent>map(value -> new Extent.Partitions(Map.of(columns.get(0), value)))
                        .orElseGet(Extent.Everything::new);
        Optional<Set<Object>> replaced = named.map(Set::of);
        if (isDynamic && (rows.isEmpty() || !columns.isEmpty())) {
            replaced = Optional.of(rows.stream().map(row -> row.key().get(0)).collect(Collectors.toSet()));
        }
        Correction correction = new Correction.Replacement(replaced, rows, isDynamic);
        CommitDelta delta = statement(process.table(), written(process, rows));
        SimulatedDelta simulated = simulated(delta.identity(), rows);
        history.trace().note("%s will overwrite %s", simulated, extent);
        Publishing publishing = () -> overwrite(process, simulated, delta, correction, extent);
        if (random().nextBoolean()) {
            ready = Optional.of(publishing);
        } else {
            publishing.run();
        }
    }

    private List<Write> newRows(Optional<Object> partition) {
        HistorySettings settings = history.world().settings();
        List<Write> rows = new ArrayList<>();
        int first = random().nextInt(settings.keys());
        for (int i = 0; i < Math.min(settings.keys(), random().nextInt(5)); i++) {
            int number = settings.shape().isKeyed() ? (first + i) % settings.keys() : (int) history.nextValue();
            List<Object> key = settings.shape().key(number);
            if (partition.isEmpty() || partition.get().equals(key.get(0))) {
                rows.add(Write.upsert(key, row(key)));
            }
        }
        return rows;
    }

    private static List<TableDelta> written(World.Process process, List<Write> rows) throws IOException {
        List<TableDelta> parts = new ArrayList<>();
        try (TableWriter writer = TableWriter.forOverwrite(process.table(), settings(0))) {
            for (Write row : rows) {
                write(writer, row);
            }
            writer.flush().ifPresent(parts::add);
        }
        return parts;
    }

    private void overwrite(
            World.Process process, SimulatedDelta simulated, CommitDelta delta, Correction correction, Extent extent)
            throws IOException {
        history.judge().register(simulated, correction);
        Overwrite overwrite = history.world().mutant() == Mutant.OVERWRITE_WITHOUT_LOOKING_AGAIN
                ? Overwrite.withoutLookingAgain(process.table(), extent)
                : Overwrite.of(process.table(), extent);
        requirePublished(simulated, known(simulated, () -> overwrite.commit(delta)));
    }

    private void rollBack() throws IOException {
        long head = history.judge().head();
        if (head < 2) {
            return;
        }
        long target = head - 1 - random().nextInt((int) Math.min(MAX_BACK, head - 1));
        World.Process process = history.world().start();
        Rollback rollback = history.world().mutant() == Mutant.ROLLBACK_KEEPS_ADDED_IN
                ? Rollback.withoutRenewing(process.table(), target)
                : Rollback.to(
                        process.table(), target, SnapshotPin.lease(process.table(), PatientReader.LEASE, "rollback"));
        SimulatedDelta simulated = simulated(rollback.identity(), List.of());
        history.judge().register(simulated, new Correction.Return(target));
        history.trace().note("%s goes back to snapshot %d", simulated, target);
        if (random().nextInt(4) == 0) {
            history.expectLongPause();
        }
        CommitOutcome outcome;
        try {
            outcome = known(simulated, rollback::commit);
        } catch (StreamhouseException e) {
            requireTooLate(e, simulated, target);
            return;
        }
        requirePublished(simulated, outcome);
    }

    /** Only what has expired is refused as such, and then nothing is published. */
    private void requireTooLate(StreamhouseException e, SimulatedDelta simulated, long oldest) throws IOException {
        history.judge().look();
        boolean published = history.judge().timelines().isPublished(simulated);
        if (e.code() != ErrorCode.SNAPSHOT_EXPIRED || oldest >= history.judge().earliest() || published) {
            throw new AssertionError(
                    "%s on snapshot %d, the earliest is %d, is told %s: %s"
                            .formatted(simulated.name(), oldest, history.judge().earliest(), e.code(), e.getMessage()),
                    e);
        }
        history.trace().note("too late: %s", e.getMessage());
        history.tally().add(HistoryEvent.LATE_CORRECTIONS);
    }

    /** Calls until the outcome is known, or the caller gives up. */
    private CommitOutcome known(SimulatedDelta simulated, Call call) throws IOException {
        for (int tries = 1; ; tries++) {
            history.trace().note("%s commits", simulated.name());
            history.trace().enter();
            try {
                return call.commit();
            } catch (StreamhouseException | IOException e) {
                IOException failure = history.failure(e);
                history.judge().look();
                history.tally().add(HistoryEvent.UNKNOWN_OUTCOMES);
                if (tries == MAX_TRIES) {
                    throw failure;
                }
                history.trace().note("unknown: %s", e.getMessage());
            } finally {
                history.trace().leave();
            }
        }
    }

    private void requirePublished(SimulatedDelta simulated, CommitOutcome outcome) throws IOException {
        history.judge().look();
        boolean told = outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted;
        if (!told || !history.judge().timelines().isPublished(simulated)) {
            throw new AssertionError("%s is told %s, but is%s in the table"
                    .formatted(
                            simulated.name(),
                            outcome.getClass().getSimpleName(),
                            history.judge().timelines().isPublished(simulated) ? "" : " not"));
        }
    }

    private RandomGenerator random() {
        return history.random();
    }
}
