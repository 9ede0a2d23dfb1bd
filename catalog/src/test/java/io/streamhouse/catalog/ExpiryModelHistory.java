package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.ScopedObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * One random history of jobs, a compactor and readers beside two expirers, each stalled anywhere. What a job was told to
 * be in the table is in it, once; what a reader under a lease, or one of less than a minute, has planned stands.
 */
final class ExpiryModelHistory {
    private static final int JOBS = 3;
    private static final int STEPS = 30;
    private static final int MAX_DEPTH = 3;
    private static final Duration LEASE = Duration.ofMinutes(10);

    /** What happened, over all histories. */
    static final class Counters {
        long expired;
        long deleted;
        long strays;
        long restarts;
        long leased;
        long shortReads;

        @Override
        public String toString() {
            return "expired %d, deleted %d, strays %d, restarts %d, leased reads %d, short reads %d"
                    .formatted(expired, deleted, strays, restarts, leased, shortReads);
        }
    }

    private static final class Job {
        final SnapshotChain chain;
        final List<UUID> done = new ArrayList<>();
        UUID delta;
        boolean busy;

        Job(SnapshotChain chain) {
            this.chain = chain;
        }
    }

    private record Read(LeaseHandle lease, long sinceMillis, Set<String> files) {}

    private final RandomGenerator random;
    private final SeededIds ids;
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore root;
    private final SnapshotChain truth;
    private final Leases leases;
    private final List<Job> jobs = new ArrayList<>();
    private final List<SnapshotExpiry> expirers = new ArrayList<>();
    private final boolean[] expiring = new boolean[2];
    private final List<Read> reads = new ArrayList<>();
    private final Map<UUID, Set<UUID>> compacted = new HashMap<>();
    private final Counters counters;
    private int depth;
    private boolean compacting;

    ExpiryModelHistory(long seed, Protections protections, Counters counters) throws Exception {
        this.random = Seeds.random(seed);
        this.ids = new SeededIds(Seeds.derive(seed, 77));
        this.counters = counters;
        ObjectStore store = ObjectStores.memory();
        Table made = TestWorld.newTable(TestWorld.components(store, seed, clock));
        this.truth = made.snapshots();
        this.leases = made.leases();
        this.root = new ScopedObjectStore(store, ExpiryWorld.ROOT);
        for (int j = 0; j <= JOBS; j++) {
            ObjectStore stalled = new InterruptedStore(store, this::goOn);
            jobs.add(new Job(
                    TestWorld.chain(TestWorld.components(stalled, Seeds.derive(seed, j), clock), Protections.ALL)));
        }
        for (int e = 0; e < expiring.length; e++) {
            ObjectStore stalled = new InterruptedStore(store, this::goOn);
            SnapshotChain chain =
                    TestWorld.chain(TestWorld.components(stalled, Seeds.derive(seed, 9 + e), clock), Protections.ALL);
            expirers.add(chain.expiry(chain.leases(), new SnapshotRetention(Duration.ZERO, 1, 3), protections));
        }
    }

    Optional<String> run() throws IOException {
        for (int step = 0; step < STEPS; step++) {
            depth++;
            act();
            depth--;
            Optional<String> wrong = readsStand();
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return check();
    }

    private void goOn() throws IOException {
        if (depth == 0 || depth >= MAX_DEPTH || random.nextDouble() > 0.1) {
            return;
        }
        depth++;
        for (int n = random.nextInt(1, 5); n > 0; n--) {
            act();
        }
        depth--;
    }

    private void act() throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> commit(jobs.get(random.nextInt(JOBS)));
            case 3 -> compact(jobs.get(JOBS));
            case 4, 5 -> expire(random.nextInt(expiring.length));
            case 6 -> read();
            default -> clock.advance(Duration.ofSeconds(random.nextInt(1, 50)));
        }
    }

    private void expire(int which) throws IOException {
        if (!expiring[which]) {
            expiring[which] = true;
            count(expirers.get(which).run());
            expiring[which] = false;
        }
    }

    private void count(ExpiryReport report) {
        counters.expired += report.expired();
        counters.deleted += report.objects();
        counters.strays += report.strays();
    }

    private UUID file() throws IOException {
        UUID file = ids.next();
        root.put("data/" + file + ".parquet", new byte[] {1});
        return file;
    }

    private void commit(Job job) throws IOException {
        if (job.busy) {
            return;
        }
        job.busy = true;
        if (job.delta == null) {
            job.delta = file();
        }
        Optional<UUID> predecessor =
                job.done.isEmpty() ? Optional.empty() : Optional.of(job.done.get(job.done.size() - 1));
        DeltaIdentity identity =
                new DeltaIdentity("job-" + jobs.indexOf(job), 0, job.done.size() + 1, job.delta, predecessor, false);
        SnapshotDraft draft = TestWorld.append(identity, List.of(TestWorld.file(job.delta, 1, 1)), List.of());
        CommitOutcome outcome = job.chain.publish(job.chain.latest(), draft);
        if (outcome instanceof CommitOutcome.HeadMoved) {
            counters.restarts++;
        } else if (outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted) {
            job.done.add(job.delta);
            job.delta = null;
        } else {
            throw new IllegalStateException("refused: " + outcome);
        }
        job.busy = false;
    }

    private void compact(Job job) throws IOException {
        Optional<Snapshot> head = compacting ? Optional.empty() : job.chain.latest();
        if (head.isEmpty()) {
            return;
        }
        compacting = true;
        Set<UUID> inputs = new HashSet<>();
        for (FileEntry entry : job.chain.tree(head.get()).entries()) {
            if (inputs.size() < 2 && random.nextBoolean()) {
                inputs.add(entry.file().object().id());
            }
        }
        if (!inputs.isEmpty()) {
            UUID output = file();
            Set<UUID> deltas = new HashSet<>();
            inputs.forEach(f -> deltas.addAll(compacted.getOrDefault(f, Set.of(f))));
            compacted.put(output, deltas);
            job.chain.publish(head, TestWorld.compact(List.of(TestWorld.file(output, 1, 1)), inputs, List.of()));
        }
        compacting = false;
    }

    /** Plans a read of the newest snapshot; planning itself is not interrupted. */
    private void read() throws IOException {
        int before = depth;
        depth = 0;
        Optional<Snapshot> head = truth.latest();
        if (head.isPresent()) {
            boolean leased = random.nextBoolean();
            LeaseHandle lease = leased ? leases.take(head.get().id(), LEASE, "reader") : null;
            Set<String> files = new HashSet<>();
            truth.tree(head.get())
                    .entries()
                    .forEach(e -> files.add(e.file().object().path()));
            reads.add(new Read(lease, clock.millis(), files));
            counters.leased += leased ? 1 : 0;
            counters.shortReads += leased ? 0 : 1;
        }
        depth = before;
    }

    private Optional<String> readsStand() throws IOException {
        List<Read> over = new ArrayList<>();
        for (Read read : reads) {
            long age = clock.millis() - read.sinceMillis;
            boolean protectedStill =
                    read.lease == null ? age < SnapshotExpiry.GRACE.toMillis() : age < LEASE.toMillis();
            for (String file : protectedStill ? read.files : Set.<String>of()) {
                if (root.size(file) < 0) {
                    return Optional.of("%s of a read of %d ms %s is gone"
                            .formatted(file, age, read.lease == null ? "without lease" : "under a lease"));
                }
            }
            if (!protectedStill || random.nextInt(12) == 0) {
                over.add(read);
                if (read.lease != null) {
                    read.lease.close();
                }
            }
        }
        reads.removeAll(over);
        return Optional.empty();
    }

    private Optional<String> check() throws IOException {
        for (Read read : reads) {
            if (read.lease != null) {
                read.lease.close();
            }
        }
        for (int i = 0; i < 4; i++) {
            clock.advance(SnapshotExpiry.GRACE.multipliedBy(70));
            count(expirers.get(0).run());
        }
        Optional<Snapshot> head = truth.latest();
        List<UUID> held = new ArrayList<>();
        if (head.isPresent()) {
            for (FileEntry entry : truth.tree(head.get()).entries()) {
                UUID file = entry.file().object().id();
                held.addAll(compacted.getOrDefault(file, Set.of(file)));
                if (root.size(entry.file().object().path()) < 0) {
                    return Optional.of("a file of the table is gone");
                }
            }
            long left = root.list("snapshot").stream()
                    .filter(o -> !o.path().equals(SnapshotHint.PATH))
                    .count();
            if (left != head.get().id() - truth.earliestId().orElseThrow() + 1) {
                return Optional.of(left + " records are left");
            }
        }
        if (new HashSet<>(held).size() != held.size()) {
            return Optional.of("doubled");
        }
        for (Job job : jobs) {
            if (!held.containsAll(job.done)) {
                return Optional.of("acknowledged but lost");
            }
        }
        return Optional.empty();
    }

    /** The first violation among histories of a seed; a chain or tree that does not fit counts as one, whoever finds it. */
    static String firstViolation(long seed, int histories, Protections protections, Counters counters)
            throws Exception {
        for (int i = 0; i < histories; i++) {
            Optional<String> wrong;
            try {
                wrong = new ExpiryModelHistory(Seeds.derive(seed, i), protections, counters).run();
            } catch (IllegalStateException | StreamhouseException e) {
                wrong = Optional.of(e.toString());
            }
            if (wrong.isPresent()) {
                return "history %d: %s".formatted(i, wrong.get());
            }
        }
        return "";
    }
}
