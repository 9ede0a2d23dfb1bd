package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Protection;
import io.streamhouse.catalog.Protections;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.BackgroundCompaction;
import io.streamhouse.compact.CompactionListener;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A process with one attempt of a job, to be paused at any moment: restores a state, fences, commits round after round
 * until it is told to stop or its commit is refused, compacts, and lets snapshots expire. Its clock runs fast, so that
 * minutes of grace pass within a second.
 *
 * <p>Its journal has a line for each step: {@code begin r}, {@code acked r}, {@code ended WHY}.
 */
final class PausedJob {
    static final TableName TABLE = TableName.of("db", "zombies");
    static final int ROWS = 4;
    /** Exists when the job shall end after its round. */
    static final String STOP = "stop";

    static final String STATE = "state";
    static final String JOURNAL = "journal";
    private static final int CLOCK_SPEED = 240;

    private final Path directory;
    private final long attempt;
    private final Table table;
    private final Journal journal;

    private PausedJob(Path directory, long attempt, Table table, Journal journal) {
        this.directory = directory;
        this.attempt = attempt;
        this.table = table;
        this.journal = journal;
    }

    /** Arguments: warehouse, own directory (may hold a state), number of the attempt, zero of the clock, careful or careless. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        Protections protections = arguments[4].equals("careful")
                ? Protections.ALL
                : Protections.without(Protection.ONLY_UUIDS_PROVE_COMMITS);
        Table table = Catalogs.open(components(Path.of(arguments[0]), Long.parseLong(arguments[3])), protections)
                .table(TABLE);
        try (Journal journal = Journal.append(directory.resolve(JOURNAL))) {
            PausedJob job = new PausedJob(directory, Long.parseLong(arguments[2]), table, journal);
            String why;
            try {
                why = job.run();
            } catch (StreamhouseException e) {
                why = e.getMessage();
            }
            journal.say("ended %s", why);
        }
    }

    /** The world of these processes: one clock for all, which started with the test. */
    static Components components(Path warehouse, long zeroMillis) {
        InstantSource clock = () -> {
            long now = System.currentTimeMillis();
            return Instant.ofEpochMilli(zeroMillis + (now - zeroMillis) * CLOCK_SPEED);
        };
        Components system = Components.system(ObjectStores.local(warehouse));
        return new Components(system.store(), clock, system.ids(), system.random(), system.executor());
    }

    private String run() throws IOException {
        Optional<Checkpoint> restored = Checkpoint.read(directory.resolve(STATE));
        long round = restored.map(Checkpoint::round).orElse(0L);
        CommitTimeline timeline =
                Checkpoint.timeline(restored, "job", table.components().ids());
        try (TableCommitter committer = TableCommitter.open(table);
                TableWriter writer = TableWriter.forEngine(
                        table, new WriterSettings(0, 1, DataSize.ofMebibytes(4), directory.resolve("spill")));
                BackgroundCompaction compaction = new BackgroundCompaction(
                        TableCompactor.open(table, CompactionSettings.of(table.schema())),
                        Runnable::run,
                        new ReentrantLock(),
                        CompactionListener.NONE)) {
            timeline.fence(table.snapshots(), round, OlderSavepoint.REFUSE);
            CommitDelta delta = restored.isPresent() ? restored.get().delta() : nextRound(timeline, writer, ++round);
            SnapshotExpiry expiry = table.expiry();
            while (true) {
                journal.say("begin %d", round);
                CommitOutcome outcome = committer.commit(delta);
                if (outcome instanceof CommitOutcome.Committed committed) {
                    journal.say("acked %d", round);
                    compaction.afterCommit(committed.snapshot());
                    expiry.runIfDue();
                } else if (outcome instanceof CommitOutcome.AlreadyCommitted) {
                    journal.say("acked %d", round);
                } else {
                    return outcome.getClass().getSimpleName();
                }
                if (Files.exists(directory.resolve(STOP))) {
                    return "stopped";
                }
                delta = nextRound(timeline, writer, ++round);
            }
        }
    }

    /** Rows of a round and the state that holds their delta: what an engine calls a checkpoint. */
    private CommitDelta nextRound(CommitTimeline timeline, TableWriter writer, long round) throws IOException {
        for (int i = 0; i < ROWS; i++) {
            writer.write(RowKind.UPDATE_AFTER, Row.of(round * ROWS + i, attempt));
        }
        return Checkpoint.complete(round, timeline, writer, directory.resolve(STATE));
    }
}
