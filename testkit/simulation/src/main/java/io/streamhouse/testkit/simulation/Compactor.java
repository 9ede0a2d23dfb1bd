package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Table;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A stand-alone compactor: one move rewrites some files, a later one publishes, and writers move in between. */
final class Compactor {
    /** Few tries, so that losing is seen. */
    private static final int PUBLISH_TRIES = 2;

    /** So small that a few hundred rows make several outputs. */
    private static final int FILE_BYTES = 4 << 10;

    private final History history;
    private final String name;
    private World.Process process;
    private TableCompactor compactor;
    private Optional<CompactionResult> waiting = Optional.empty();
    private boolean busy;

    Compactor(History history, String name) {
        this.history = history;
        this.name = name;
    }

    boolean isBusy() {
        return busy;
    }

    /** Whether a rewrite waits to be published. */
    boolean canPublish() {
        return waiting.isPresent() && !busy;
    }

    /** Rewrites something, or publishes what waits. */
    void move() {
        busy = true;
        try {
            if (waiting.isEmpty()) {
                rewrite();
            } else {
                publish(waiting.get());
            }
        } catch (StreamhouseException | IOException e) {
            history.trace().note("%s fails: %s", name, history.failure(e).getMessage());
            history.tally().add(HistoryEvent.FAILED_COMPACTIONS);
            if (process == null || process.connection().isCrashed() || random().nextInt(4) == 0) {
                // what it held dies with it; its outputs may be orphans
                process = null;
                waiting = Optional.empty();
            }
        } finally {
            busy = false;
        }
    }

    private void rewrite() throws IOException {
        if (process == null) {
            process = history.world().start();
            compactor = TableCompactor.open(
                    process.table(),
                    new CompactionSettings(FILE_BYTES, FILE_BYTES, 1 << 30, PUBLISH_TRIES),
                    history.world().mutant().compaction());
        }
        Set<UUID> files = choose(process.table());
        Optional<Compaction> task = files.isEmpty() ? Optional.empty() : compactor.plan(files);
        if (task.isPresent()) {
            waiting = Optional.of(compactor.rewrite(task.get()));
            history.trace()
                    .note(
                            "%s rewrites %d files of snapshot %d",
                            name, files.size(), task.get().base());
        }
    }

    private Set<UUID> choose(Table table) throws IOException {
        Optional<Snapshot> head = table.snapshots().latest();
        Set<UUID> out = new HashSet<>();
        if (head.isPresent()) {
            List<FileEntry> live =
                    new ArrayList<>(table.snapshots().tree(head.get()).entries());
            live.removeIf(f -> random().nextInt(3) == 0);
            live.stream().limit(100).forEach(f -> out.add(f.file().object().id()));
        }
        return out;
    }

    private void publish(CompactionResult result) throws IOException {
        history.trace().note("%s publishes", name);
        history.trace().enter();
        CompactionOutcome outcome;
        try {
            outcome = compactor.publish(result);
        } finally {
            history.trace().leave();
        }
        history.trace().note("%s: %s", name, outcome.getClass().getSimpleName());
        history.judge().judgeOutcome(result, outcome);
        if (outcome instanceof CompactionOutcome.Lost) {
            history.tally().add(HistoryEvent.LOST_COMPACTIONS);
            if (random().nextBoolean()) {
                return;
            }
            compactor.discard(result);
        } else if (outcome instanceof CompactionOutcome.GaveUp) {
            history.tally().add(HistoryEvent.VOID_COMPACTIONS);
        }
        waiting = Optional.empty();
    }

    private RandomGenerator random() {
        return history.random();
    }
}
