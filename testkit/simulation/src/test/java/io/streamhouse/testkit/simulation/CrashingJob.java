package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.StoreRoot;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.testkit.simulation.CrashPoint.Phase;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * A job of some rounds on one table that goes on wherever it was killed, as an engine does: each round is a checkpoint
 * that holds the timeline and the delta, written to a local file before the delta is committed.
 */
final class CrashingJob {
    static final TableName TABLE = TableName.of("db", "crash");
    static final int ROUNDS = 16;
    static final int BUCKETS = 128;

    private static final int KEYS = 12_000;
    private static final int WRITES = 9_000;
    /** Late enough for a tree of manifests and masks, early enough for what it replaces to expire. */
    private static final int COMPACTED_ROUND = 10;

    private static final CompactionSettings COMPACTION = new CompactionSettings(1 << 20, 1 << 20, 1 << 30, 10);
    private static final long START_MILLIS = 1_700_000_000_000L;
    /** So long that each run deletes what the one before has let go. */
    private static final Duration ROUND = SnapshotExpiry.GRACE.plusSeconds(10);

    private final CrashingObjectStore store;
    private final ManualClock clock = ManualClock.atMillis(START_MILLIS);
    private final Table table;
    private final Path checkpoint;

    CrashingJob(CrashingObjectStore store, Path checkpoint) throws IOException {
        this.store = store;
        Components system = Components.system(store);
        this.table = Catalogs.open(new Components(store, clock, system.ids(), system.random(), system.executor()))
                .table(TABLE);
        this.checkpoint = checkpoint;
        Optional<Snapshot> head = table.snapshots().latest();
        if (head.isPresent()) {
            clock.set(Instant.ofEpochMilli(head.get().timeMillis()).plus(ROUND));
        }
    }

    /** Arguments: warehouse, checkpoint file, deadly point, occurrence. */
    public static void main(String[] arguments) throws IOException {
        CrashingObjectStore store = new CrashingObjectStore(
                StoreRoot.ofArgument(arguments[0]).open(), arguments[2], Integer.parseInt(arguments[3]), point -> {
                    try {
                        ForkedJvm.awaitBeginning(); // says that it is there, and stays until it is killed
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
        new CrashingJob(store, Path.of(arguments[1])).run();
    }

    /** What round n does; every round writes every key that it touches once. */
    static List<Write> writes(int round) {
        Random random = new Random(round);
        Map<Long, Write> writes = new LinkedHashMap<>();
        for (int i = 0; i < WRITES; i++) {
            long key = random.nextInt(KEYS);
            List<Object> id = List.of(key);
            writes.put(key, i % 7 == 0 ? Write.delete(id) : Write.upsert(id, List.of(key, (long) round, "v" + i)));
        }
        return new ArrayList<>(writes.values());
    }

    void run() throws IOException {
        Optional<Checkpoint> restored = Checkpoint.read(checkpoint);
        int round = restored.map(c -> (int) c.round()).orElse(0);
        CommitTimeline timeline =
                Checkpoint.timeline(restored, "job", table.components().ids());
        try (TableCommitter committer = TableCommitter.open(table);
                TableWriter writer = TableWriter.forEngine(
                        table,
                        new WriterSettings(0, 1, DataSize.ofMebibytes(16), checkpoint.resolveSibling("spill")))) {
            store.enter(Phase.FENCE);
            timeline.fence(table.snapshots(), round, OlderSavepoint.REFUSE);
            store.enter(Phase.COMMIT);
            if (restored.isPresent()) {
                commit(committer, restored.get().delta());
            }
            while (round < ROUNDS) {
                round++;
                store.enter(Phase.WRITE);
                for (Write write : writes(round)) {
                    List<Object> row = write.row().orElse(null);
                    if (row == null) {
                        writer.write(RowKind.DELETE, Row.of(write.key().get(0), null, null));
                    } else {
                        writer.write(RowKind.UPDATE_AFTER, Row.of(row.get(0), row.get(1), row.get(2)));
                    }
                }
                CommitDelta delta = Checkpoint.complete(round, timeline, writer, checkpoint);
                store.enter(Phase.COMMIT);
                commit(committer, delta);
                maintain(round);
            }
        }
    }

    /** What a job does for its table between two commits. */
    private void maintain(int round) throws IOException {
        if (round == COMPACTED_ROUND) {
            store.enter(Phase.COMPACT);
            TableCompactor compactor = TableCompactor.open(table, COMPACTION);
            Set<UUID> files = table.snapshots().files(table.snapshots().latest().orElseThrow());
            CompactionResult result = compactor.rewrite(compactor.plan(files).orElseThrow());
            CompactionOutcome outcome = compactor.publish(result);
            if (!(outcome instanceof CompactionOutcome.Published)) {
                throw new IllegalStateException("round %d: %s".formatted(round, outcome));
            }
        }
        store.enter(Phase.EXPIRE);
        clock.advance(ROUND);
        table.expiry().run();
    }

    private static void commit(TableCommitter committer, CommitDelta delta) throws IOException {
        CommitOutcome outcome = committer.commit(delta);
        boolean landed =
                outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted;
        if (!landed) {
            throw new IllegalStateException(
                    "round %d: %s".formatted(delta.identity().identifier(), outcome));
        }
    }
}
