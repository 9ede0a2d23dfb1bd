package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.BackgroundCompaction;
import io.streamhouse.compact.CompactionListener;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.testkit.simulation.Checkpoint;
import io.streamhouse.testkit.simulation.Journal;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A job that commits round after round and goes on wherever it was killed, as an engine does: each round is a checkpoint
 * that holds the timeline and the delta, in a local file before the delta is committed. Acknowledgements go to its
 * journal: {@code round snapshot}, or {@code round 0} if an earlier process had committed it.
 *
 * <p>The steady one compacts and lets snapshots expire within the job, too.
 */
final class SoakJob {
    private static final int FAULT_ONE_IN = 20;

    private final Part part;
    private final int number;
    private final Table table;
    private final Journal journal;
    private final Journal compactions;
    private final Lock commitLock = new ReentrantLock();
    private final List<byte[]> hoard = new ArrayList<>();

    private SoakJob(Part part) throws IOException {
        this.part = part;
        this.number = number(part.name());
        this.table = SoakTable.open(part.warehouse());
        this.journal = Journal.append(part.file(".journal"));
        this.compactions = Journal.append(part.file(".compactions"));
    }

    /** The number of a job, from the name that is its commit user, too. */
    static int number(String name) {
        return Integer.parseInt(name.substring(name.indexOf('-') + 1));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Part part = Part.of(arguments);
        part.gaugeHeap();
        new SoakJob(part).run();
    }

    private void run() throws IOException, InterruptedException {
        Optional<Checkpoint> restored = Checkpoint.read(part.file(".state"));
        long round = restored.map(Checkpoint::round).orElse(0L);
        CommitTimeline timeline =
                Checkpoint.timeline(restored, part.name(), table.components().ids());
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TableCommitter committer = TableCommitter.open(table);
                TableWriter writer = TableWriter.forEngine(
                        table, new WriterSettings(0, 1, DataSize.ofMebibytes(16), part.file(".spill")));
                BackgroundCompaction compaction = new BackgroundCompaction(
                        TableCompactor.open(table, CompactionSettings.of(table.schema())),
                        executor,
                        commitLock,
                        new Noted())) {
            timeline.fence(table.snapshots(), round, OlderSavepoint.REFUSE);
            if (restored.isPresent()) {
                commit(committer, restored.get().delta());
            }
            SnapshotExpiry expiry = table.expiry();
            Duration pace = part.isSteady() ? SoakPlan.PACE.multipliedBy(2) : SoakPlan.PACE;
            long next = System.nanoTime();
            while (part.goesOn()) {
                round++;
                write(writer, round);
                CommitDelta delta = Checkpoint.complete(round, timeline, writer, part.file(".state"));
                Optional<Snapshot> head = commit(committer, delta);
                if (part.isSteady() && head.isPresent()) {
                    if (part.fault() != SoakFault.NO_COMPACTION) {
                        compaction.afterCommit(head.get());
                    }
                    expiry.runIfDue();
                    hoard();
                }
                next = Math.max(next + pace.toNanos(), System.nanoTime());
                Part.rest(Duration.ofNanos(next - System.nanoTime()));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void write(TableWriter writer, long round) throws IOException {
        SoakRound changes = SoakRound.of(part.seed(), number, round, part.keys());
        boolean lost = part.fault() == SoakFault.LOST_ROW && round % FAULT_ONE_IN == 0;
        for (int i = lost ? 1 : 0; i < changes.keys().length; i++) {
            long key = changes.keys()[i];
            Row row = SoakTable.row(part.seed(), number, round, key);
            writer.write(changes.deletes()[i] ? RowKind.DELETE : RowKind.UPDATE_AFTER, row);
        }
    }

    /** The head that holds the delta, if this call put it there. */
    private Optional<Snapshot> commit(TableCommitter committer, CommitDelta delta) throws IOException {
        long round = delta.identity().identifier();
        if (part.fault() == SoakFault.LOST_COMMIT && round == FAULT_ONE_IN) {
            journal.say("%d 0", round);
            return Optional.empty();
        }
        commitLock.lock();
        CommitOutcome outcome;
        try {
            outcome = committer.commit(delta);
        } finally {
            commitLock.unlock();
        }
        if (outcome instanceof CommitOutcome.Committed committed) {
            journal.say("%d %d", round, committed.snapshot().id());
            return Optional.of(committed.snapshot());
        } else if (outcome instanceof CommitOutcome.AlreadyCommitted) {
            journal.say("%d 0", round);
            return Optional.empty();
        }
        throw new IllegalStateException("round %d: %s".formatted(round, outcome));
    }

    private void hoard() {
        if (part.fault() == SoakFault.HOARDED_MEMORY) {
            hoard.add(new byte[1 << 20]);
        }
    }

    /** What the compaction in the job does, in a journal of its own. */
    private final class Noted implements CompactionListener {
        @Override
        public void ended(CompactionOutcome outcome) {
            note(SoakCompactor.word(outcome));
        }

        @Override
        public void failed(Exception failure, int commitsUntilNextTry) {
            note("failed " + failure);
        }

        private void note(String what) {
            try {
                compactions.say("%s", what);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
