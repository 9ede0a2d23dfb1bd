package io.streamhouse.catalog;

import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.ScopedObjectStore;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * One random history of some jobs, each stalled anywhere, beside an expirer that publishes a boundary and then deletes the
 * slots below it in any order. What a job was told to be in the table must be in it, once.
 */
final class ExpiryHistory {
    private static final int JOBS = 3;
    private static final int STEPS = 12;
    private static final int MAX_DEPTH = 3;

    private static final class Job {
        final String user;
        final SnapshotChain chain;
        final List<UUID> done = new ArrayList<>();
        UUID delta;
        boolean busy;

        Job(String user, SnapshotChain chain) {
            this.user = user;
            this.chain = chain;
        }
    }

    private final RandomGenerator random;
    private final SeededIds ids;
    private final ObjectStore table;
    private final SnapshotChain truth;
    private final List<Job> jobs = new ArrayList<>();
    private final List<Long> doomed = new ArrayList<>();
    private long boundaries;
    private long boundary;
    /** Jobs that are inside each other's calls; nothing goes on while the world is being made. */
    private int depth;

    ExpiryHistory(long seed, Protections protections) throws Exception {
        this.random = Seeds.random(seed);
        this.ids = new SeededIds(seed);
        ObjectStore store = ObjectStores.memory();
        Table made = TestWorld.newTable(TestWorld.components(store, seed));
        this.truth = made.snapshots();
        this.table = new ScopedObjectStore(store, "shop.db/orders");
        for (int j = 0; j < JOBS; j++) {
            ObjectStore stalled = new InterruptedStore(store, this::goOn);
            jobs.add(new Job(
                    "job-" + j, TestWorld.chain(TestWorld.components(stalled, Seeds.derive(seed, j)), protections)));
        }
    }

    Optional<String> run() throws Exception {
        for (int step = 0; step < STEPS; step++) {
            act(jobs.get(random.nextInt(JOBS)));
            if (random.nextDouble() < 0.3) {
                expire();
            }
        }
        return check();
    }

    /** What happens while somebody is stalled. */
    private void goOn() throws IOException {
        if (depth == 0 || depth >= MAX_DEPTH || random.nextDouble() > 0.12) {
            return;
        }
        for (int n = random.nextInt(1, 6); n > 0; n--) {
            if (random.nextBoolean()) {
                expire();
            } else {
                act(jobs.get(random.nextInt(JOBS)));
            }
        }
    }

    private void act(Job job) throws IOException {
        if (job.busy) {
            return;
        }
        job.busy = true;
        depth++;
        try {
            commit(job);
        } finally {
            depth--;
            job.busy = false;
        }
    }

    private void commit(Job job) throws IOException {
        if (job.delta == null) {
            job.delta = ids.next();
        }
        Optional<UUID> predecessor =
                job.done.isEmpty() ? Optional.empty() : Optional.of(job.done.get(job.done.size() - 1));
        DeltaIdentity identity = new DeltaIdentity(job.user, 0, job.done.size() + 1, job.delta, predecessor, false);
        SnapshotDraft draft = TestWorld.append(identity, List.of(TestWorld.file(job.delta, 1, 1)), List.of());
        Optional<Snapshot> head = job.chain.latest();
        CommitOutcome outcome = job.chain.publish(head, draft);
        boolean there = outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted;
        if (there) {
            job.done.add(job.delta);
            job.delta = null;
        } else if (!(outcome instanceof CommitOutcome.HeadMoved)) {
            throw new IllegalStateException("job %s: %s".formatted(job.user, outcome));
        }
    }

    private void expire() throws IOException {
        if (!doomed.isEmpty()) {
            table.delete(SnapshotSlots.path(doomed.remove(random.nextInt(doomed.size()))));
            return;
        }
        long newest = table.list("snapshot").stream()
                .map(o -> o.path().substring("snapshot/".length()))
                .filter(n -> n.endsWith(".json"))
                .mapToLong(n -> Long.parseLong(n.substring(0, 20)))
                .max()
                .orElse(0);
        long next = newest - random.nextInt(1, 3);
        if (next > boundary) {
            String path = BoundaryChain.path(++boundaries);
            table.putIfAbsent(path, BoundaryCodec.write(new Boundary(next, 0), path));
            for (long id = boundary + 1; id <= next; id++) {
                doomed.add(id);
            }
            boundary = next;
        }
    }

    private Optional<String> check() throws IOException {
        Optional<Snapshot> head = truth.latest();
        List<UUID> held = new ArrayList<>();
        if (head.isPresent()) {
            for (FileEntry entry : truth.tree(head.get()).entries()) {
                held.add(entry.file().object().id());
            }
        }
        if (new HashSet<>(held).size() != held.size()) {
            return Optional.of("doubled");
        }
        for (Job job : jobs) {
            for (UUID delta : job.done) {
                if (!held.contains(delta)) {
                    return Optional.of("acknowledged but lost");
                }
            }
        }
        return Optional.empty();
    }
}
