package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A batch INSERT: one delta without a fence that closes its user; the engine may run it again after its commit. */
final class BatchStatement {
    private static final int ROWS = 3;

    private final History history;
    private final String user;
    private final List<Write> writes = new ArrayList<>();

    BatchStatement(History history, String user) {
        this.history = history;
        this.user = user;
        HistorySettings settings = history.world().settings();
        int first = history.random().nextInt(settings.keys());
        for (int i = 0; i < Math.min(ROWS, settings.keys()); i++) {
            long value = history.nextValue();
            int number = settings.shape().isKeyed() ? (first + i) % settings.keys() : (int) value;
            List<Object> key = settings.shape().key(number);
            List<Object> row = new ArrayList<>(key);
            row.add(value);
            writes.add(Write.upsert(key, row));
        }
    }

    /** One attempt; true if it knows that the result is in the table. */
    boolean attempt() throws IOException {
        history.tally().add(HistoryEvent.BATCH_ATTEMPTS);
        World.Process process = history.world().start();
        CommitTimeline timeline = CommitTimeline.fresh(
                CommitUser.named(user), process.table().components().ids());
        CommitDelta delta = timeline.next(1, OptionalLong.empty(), List.of(flush(process)), true);
        SimulatedDelta simulated =
                new SimulatedDelta(history.judge().name(delta.identity().delta()), delta.identity(), List.of(), writes);
        history.judge().register(simulated);
        history.judge().look();
        long head = history.judge().head();
        TimelineOracle.Answer expected = history.judge().timelines().answer(simulated);
        history.trace().note("batch %s commits %s", user, simulated);
        CommitOutcome outcome;
        try (TableCommitter committer =
                TableCommitter.open(process.table(), history.world().mutant().resolution())) {
            outcome = committer.commit(delta);
        }
        history.judge().judgeOutcome(simulated, outcome, head, expected);
        return outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted;
    }

    private TableDelta flush(World.Process process) throws IOException {
        WriterSettings settings = new WriterSettings(
                0, 1, DataSize.ofMebibytes(1), Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-simulation"));
        try (TableWriter writer = TableWriter.forEngine(process.table(), settings)) {
            for (Write write : writes) {
                writer.write(RowKind.INSERT, Row.of(write.row().orElseThrow().toArray()));
            }
            return writer.flush().orElseThrow();
        }
    }
}
