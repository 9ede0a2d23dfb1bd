package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.BackgroundCompaction;
import io.streamhouse.compact.CompactionListener;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.CommitDeltaCodec;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.testkit.simulation.StoredState.Committable;
import io.streamhouse.write.BucketRouter;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * One attempt of a job, as an engine drives it: writers, an aggregator with the timeline, a committer; a FENCE and the
 * re-commit of what was restored, in either order; then checkpoints, up to three of them in flight.
 */
final class Attempt {
    private static final double DELETES = 0.35;
    private static final DataSize BUFFER = DataSize.ofMebibytes(1);
    private static final Path SPILL = Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-simulation");

    private final History history;
    private final EngineJob job;
    private final String name;
    private final World.Process process;
    private final CommitTimeline timeline;
    private final TableCommitter committer;
    private final Optional<BackgroundCompaction> compaction;
    private final TableWriter[] writers;
    private final BucketRouter router;
    private final RowViews rowViews;
    private final long restoredCheckpoint;
    private final OlderSavepoint policy;
    private final Deque<Committable> restored = new ArrayDeque<>();
    private final Deque<Committable> pending = new ArrayDeque<>();
    private final List<UUID> lineage = new ArrayList<>();
    private long nextCheckpoint;
    private int committable;
    private boolean open;
    private boolean dead;
    private boolean busy;

    Attempt(
            History history,
            EngineJob job,
            String name,
            World.Process process,
            Optional<StoredState> state,
            int writerCount,
            OlderSavepoint policy) {
        this.history = history;
        this.job = job;
        this.name = name;
        this.process = process;
        this.policy = policy;
        Table table = process.table();
        this.timeline = state.map(s ->
                        CommitTimeline.restore(s.timeline(), table.components().ids()))
                .orElseGet(() -> CommitTimeline.fresh(
                        CommitUser.named(job.name()), table.components().ids()));
        this.committer = TableCommitter.open(table, history.world().mutant().resolution());
        this.compaction = history.world().settings().inline()
                ? Optional.of(new BackgroundCompaction(
                        TableCompactor.open(
                                table,
                                CompactionSettings.of(table.schema()),
                                history.world().mutant().compaction()),
                        Runnable::run,
                        new ReentrantLock(),
                        new InlineCompaction()))
                : Optional.empty();
        this.writers = new TableWriter[writerCount];
        for (int i = 0; i < writerCount; i++) {
            writers[i] = TableWriter.forEngine(table, new WriterSettings(i, writerCount, BUFFER, SPILL));
        }
        this.router = new BucketRouter(table.schema());
        this.rowViews =
                RowViews.of(table.schema().fields(), table.schema().layout().primaryKey());
        this.restoredCheckpoint = state.map(StoredState::checkpoint).orElse(0L);
        this.nextCheckpoint = restoredCheckpoint + 1;
        state.ifPresent(s -> {
            restored.addAll(s.pending());
            lineage.addAll(s.lineage());
        });
    }

    EngineJob job() {
        return job;
    }

    boolean isDead() {
        return dead;
    }

    boolean isBusy() {
        return busy;
    }

    boolean isOpen() {
        return open;
    }

    void kill() {
        dead = true;
    }

    /** Open, with everything restored committed. */
    boolean isRunning() {
        return open && restored.isEmpty();
    }

    boolean canCheckpoint() {
        return isRunning() && pending.size() < HistorySettings.MAX_IN_FLIGHT;
    }

    /** Whether a checkpoint has completed whose delta is not yet committed. */
    boolean canCommit() {
        return isRunning() && committable > 0;
    }

    List<UUID> lineage() {
        return lineage;
    }

    /** One move of the opening: the fence or a restored delta, in either order. */
    void openUp() {
        openUp(random().nextBoolean());
    }

    /** One move of the opening: the fence if it is still to come and is to come first, else a restored delta. */
    void openUp(boolean fenceFirst) {
        act(() -> {
            boolean fence = !open && (restored.isEmpty() || fenceFirst);
            if (fence) {
                fence();
            } else {
                commit(restored);
            }
        });
    }

    void checkpoint() {
        act(this::flush);
    }

    /** Commits the oldest pending delta of a completed checkpoint. */
    void commit() {
        act(() -> {
            if (commit(pending)) {
                committable--;
            }
        });
    }

    /** Work of one move; its failures are the attempt's. */
    private interface Move {
        void run() throws IOException;
    }

    private void act(Move move) {
        busy = true;
        try {
            move.run();
        } catch (StreamhouseException e) {
            fail(history.world().explained(e));
        } catch (IOException e) {
            fail(e);
        } finally {
            busy = false;
        }
    }

    private void fail(IOException e) {
        trace().note("%s fails: %s", name, e.getMessage());
        dead = true;
    }

    private void fence() throws IOException {
        String user = timeline.user();
        long newest = history.judge().timelines().newestSnapshot(lineage);
        tally().add(
                        HistoryEvent.OUTDATED_RESTORES,
                        newest > 0 && newest < history.judge().earliest() ? 1 : 0);
        history.judge().intendFence(user, restoredCheckpoint, lineage, policy == OlderSavepoint.NEW_USER);
        trace().note("%s fences %s at checkpoint %d", name, user, restoredCheckpoint);
        trace().enter();
        try {
            timeline.fence(process.table().snapshots(), restoredCheckpoint, policy);
        } catch (StreamhouseException e) {
            if (history.world().isExplained(e)) {
                throw e;
            }
            history.judge().look();
            boolean legal = e.code() == ErrorCode.OLDER_SAVEPOINT
                    && !history.judge().timelines().continues(user, lineage);
            if (!legal) {
                throw e;
            }
            trace().note("refused: %s", e.code());
            tally().add(HistoryEvent.REFUSED_FENCES);
            dead = true;
            return;
        } finally {
            trace().leave();
        }
        history.judge().look();
        open = true;
        if (!timeline.user().equals(user)) {
            tally().add(HistoryEvent.NEW_USERS);
            lineage.clear();
        }
    }

    private void flush() throws IOException {
        long id = nextCheckpoint++;
        Map<List<Object>, Optional<List<Object>>> writes = writeRows();
        List<TableDelta> parts = new ArrayList<>();
        for (TableWriter writer : writers) {
            history.between(this);
            writer.flush().ifPresent(parts::add);
        }
        String what = "nothing";
        if (!parts.isEmpty()) {
            OptionalLong watermark = random().nextBoolean() ? OptionalLong.of(id) : OptionalLong.empty();
            SimulatedDelta delta = enqueue(timeline.next(id, watermark, parts, false), writes);
            what = delta.toString();
            tally().add(HistoryEvent.CHECKPOINTS);
            tally().add(
                            HistoryEvent.STORED_PAYLOADS,
                            parts.stream()
                                    .filter(p -> p.deletes() instanceof BlockRef.Stored)
                                    .count());
            tally().add(HistoryEvent.THIRD_IN_FLIGHT, pending.size() == HistorySettings.MAX_IN_FLIGHT ? 1 : 0);
        } else {
            tally().add(HistoryEvent.EMPTY_CHECKPOINTS);
        }
        boolean completes = random().nextInt(10) > 0;
        trace().note("%s checkpoint %d%s: %s", name, id, completes ? "" : " (does not complete)", what);
        if (completes) {
            committable = pending.size();
            job.complete(new StoredState(
                    id, timeline.user(), timeline.state(), List.copyOf(pending), lineage, writers.length));
        }
    }

    private SimulatedDelta enqueue(CommitDelta delta, Map<List<Object>, Optional<List<Object>>> writes) {
        List<Write> meaning = new ArrayList<>();
        writes.forEach((key, row) -> meaning.add(new Write(key, row)));
        UUID uuid = delta.identity().delta();
        SimulatedDelta simulated = new SimulatedDelta(history.judge().name(uuid), delta.identity(), lineage, meaning);
        history.judge().register(simulated);
        lineage.add(uuid);
        pending.add(new Committable(uuid, CommitDeltaCodec.write(delta)));
        return simulated;
    }

    /** Writes some rows; returns the last write of each key. */
    private Map<List<Object>, Optional<List<Object>>> writeRows() throws IOException {
        Map<List<Object>, Optional<List<Object>>> last = new TreeMap<>(TableModel.naturalOrder());
        HistorySettings settings = history.world().settings();
        boolean keyed = settings.shape().isKeyed();
        int rows = random().nextInt(10) == 0 ? 0 : 1 + random().nextInt(settings.rows());
        for (int i = 0; i < rows; i++) {
            long value = history.nextValue();
            List<Object> key = settings.shape().key(keyed ? random().nextInt(settings.keys()) : (int) value);
            boolean delete = keyed && random().nextDouble() < DELETES;
            if (delete) {
                write(random().nextBoolean() ? RowKind.DELETE : RowKind.UPDATE_BEFORE, KeyShape.row(key, null));
                last.put(key, Optional.empty());
            } else {
                boolean update = keyed && random().nextInt(3) == 0;
                if (update) {
                    write(RowKind.UPDATE_BEFORE, KeyShape.row(key, value - 1));
                }
                Row row = KeyShape.row(key, value);
                write(update ? RowKind.UPDATE_AFTER : RowKind.INSERT, row);
                List<Object> values = new ArrayList<>(key);
                values.add(value);
                last.put(key, Optional.of(values));
            }
        }
        return last;
    }

    private void write(RowKind kind, Row row) throws IOException {
        int writer = router.isRouted()
                ? router.writerOf(rowViews.view(row), writers.length)
                : random().nextInt(writers.length);
        writers[writer].write(kind, row);
    }

    /** Commits the oldest of a queue; true if it left the queue. */
    private boolean commit(Deque<Committable> queue) throws IOException {
        Committable next = queue.peekFirst();
        CommitDelta delta = CommitDeltaCodec.read(next.bytes(), "committable");
        SimulatedDelta simulated = history.judge().delta(next.uuid());
        history.judge().look();
        long headBefore = history.judge().head();
        TimelineOracle.Answer expected = history.judge().timelines().answer(simulated);
        trace().note("%s commits %s", name, simulated.name());
        trace().enter();
        CommitOutcome outcome;
        try {
            outcome = committer.commit(delta);
        } catch (StreamhouseException e) {
            return unknown(history.world().explained(e));
        } catch (IOException e) {
            return unknown(e);
        } finally {
            trace().leave();
        }
        history.judge().judgeOutcome(simulated, outcome, headBefore, expected);
        return settle(queue, simulated, outcome);
    }

    /** The engine restarts the job, or asks again. */
    private boolean unknown(IOException e) throws IOException {
        history.judge().look();
        tally().add(HistoryEvent.UNKNOWN_OUTCOMES);
        if (process.connection().isCrashed() || random().nextBoolean()) {
            throw e;
        }
        trace().note("unknown: %s", e.getMessage());
        return false;
    }

    /** What an engine does with an answer; a refusal ends the attempt. */
    private boolean settle(Deque<Committable> queue, SimulatedDelta simulated, CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed committed) {
            queue.removeFirst();
            compaction.ifPresent(c -> c.afterCommit(committed.snapshot()));
            return true;
        }
        trace().note("%s: %s is %s", name, simulated.name(), outcome.getClass().getSimpleName());
        if (outcome instanceof CommitOutcome.AlreadyCommitted) {
            tally().add(HistoryEvent.ALREADY_COMMITTED);
            queue.removeFirst();
            return true;
        }
        boolean fenced = outcome instanceof CommitOutcome.Fenced;
        tally().add(fenced ? HistoryEvent.FENCED : HistoryEvent.REFUSED);
        dead = true;
        return false;
    }

    /** Notes what the job compacts; its failures are never the job's. */
    private final class InlineCompaction implements CompactionListener {
        @Override
        public void ended(CompactionOutcome outcome) {
            trace().note("%s compacts: %s", name, outcome.getClass().getSimpleName());
            boolean published = outcome instanceof CompactionOutcome.Published;
            tally().add(HistoryEvent.INLINE_COMPACTIONS, published ? 1 : 0);
        }

        @Override
        public void failed(Exception failure, int commitsUntilNextTry) {
            trace().note("%s cannot compact: %s", name, failure.getMessage());
            boolean isExplained =
                    failure instanceof StreamhouseException e && history.world().isExplained(e);
            if (!(failure instanceof IOException) && !isExplained) {
                throw new AssertionError("compaction of " + name, failure);
            }
            tally().add(HistoryEvent.FAILED_COMPACTIONS);
        }
    }

    private RandomGenerator random() {
        return history.random();
    }

    private Trace trace() {
        return history.trace();
    }

    private Tally tally() {
        return history.tally();
    }

    @Override
    public String toString() {
        return name;
    }
}
