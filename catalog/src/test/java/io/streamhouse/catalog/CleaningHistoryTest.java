package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.DataFile;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random histories: between any two calls of a cleaner to the store writers commit, compactions and rollbacks happen,
 * snapshots expire, a delta waits for days for its commit, a statement holds its lease for weeks. Whatever can be read keeps
 * its objects, what waits less than the minimum age can still be published, and in the end nothing is left over.
 */
class CleaningHistoryTest {
    private static final int HISTORIES = 8;
    private static final Duration WEEK = OrphanCleaner.DEFAULT_AGE;

    /** Seed of one history; {@code -Dstreamhouse.seed} replaces the first. */
    private static final long SEED = Seeds.of("cleaning", 20_271L);

    @Test
    void cleaningTakesNothingThatIsNeeded() throws Exception {
        long cleaned = 0;
        for (int n = 0; n < HISTORIES; n++) {
            cleaned += new History(Seeds.derive(SEED, n), Protections.ALL).run();
        }
        assertTrue(cleaned > HISTORIES, "only " + cleaned + " orphans");
    }

    @Test
    void eachPartOfTheCareIsNeeded() throws Exception {
        // who announces reads the newest snapshot twice more, which hides most of what the others would miss
        assertNoticed(Protection.CLEANING_HEEDS_AGE);
        assertNoticed(Protection.CLEANING_HEEDS_LEASES);
        assertNoticed(Protection.CLEANING_FAILS_CLOSED, Protection.CLEANING_IS_ANNOUNCED);
        assertNoticed(Protection.CLEANING_LOOKS_AGAIN, Protection.CLEANING_IS_ANNOUNCED);
        assertNoticed(Protection.CLEANING_IS_ANNOUNCED);
    }

    private static void assertNoticed(Protection... missing) throws Exception {
        for (int n = 0; n < 10 * HISTORIES; n++) {
            try {
                new History(Seeds.derive(SEED, n), Protections.without(missing)).run();
            } catch (AssertionError e) {
                System.out.printf("without %s: noticed by history %d%n", Arrays.toString(missing), n);
                return;
            }
        }
        throw new AssertionError("without %s nothing is noticed, seed %d".formatted(Arrays.toString(missing), SEED));
    }

    /** One history. */
    private static final class History {
        private final long seed;
        private final Protections protections;
        private final RandomGenerator random;
        private final ExpiryWorld world;
        private final List<Waiting> waiting = new ArrayList<>();
        private int orphans;
        private int failures;

        /** A file that is written and not published. */
        private record Waiting(UUID id, long base, long sinceMillis, Optional<LeaseHandle> lease) {}

        History(long seed, Protections protections) throws Exception {
            this.seed = seed;
            this.protections = protections;
            this.random = Seeds.random(seed);
            this.world = new ExpiryWorld(seed, ExpiryWorld.FEW);
        }

        long run() throws Exception {
            world.commit(10);
            long cleaned = 0;
            for (int round = 0; round < 4; round++) {
                for (int step = 0; step < 12; step++) {
                    step();
                    world.clock.advance(Duration.ofHours(random.nextInt(24)));
                }
                try {
                    cleaned += OrphanCleaner.of(world.open(new Busy()), protections)
                            .run(WEEK, false)
                            .objects();
                } catch (IOException e) {
                    failures++; // it was told to fail
                }
                check();
            }
            while (!waiting.isEmpty()) {
                publish();
            }
            world.clock.advance(Duration.ofDays(9));
            world.commit();
            world.settle(world.table.expiry());
            cleaned +=
                    OrphanCleaner.of(world.table, protections).run(WEEK, false).objects();
            check();
            Set<String> left = new TreeSet<>(ExpiryWorld.standing(world.root));
            left.removeAll(world.named(world.chain, world.chain.knownEarliestId()));
            assertEquals(Set.of(), left, this::toString);
            return cleaned;
        }

        private void step() throws IOException {
            switch (random.nextInt(8)) {
                case 0 -> world.table.expiry().run();
                case 1 -> {
                    world.root.put("data/" + new UUID(seed, orphans++) + ".parquet", new byte[] {1});
                    world.root.put("mask/" + new UUID(seed, orphans++), new byte[] {1});
                }
                case 2 -> write();
                case 3 -> publish();
                default -> world.commit();
            }
            for (Waiting each : waiting) {
                if (each.lease.isPresent()) {
                    each.lease.get().renewIfDue(each.lease.get().oldestSnapshot());
                }
            }
        }

        private void write() throws IOException {
            long base = world.chain.latest().orElseThrow().id();
            UUID id = new UUID(~seed, orphans++);
            Optional<LeaseHandle> lease = random.nextInt(3) == 0
                    ? Optional.of(world.table.leases().take(base, Duration.ofDays(7), "UPDATE"))
                    : Optional.empty();
            world.root.put("data/" + id + ".parquet", new byte[] {1});
            waiting.add(new Waiting(id, base, world.clock.millis(), lease));
        }

        /** As every committer does: looks for what may be old, and publishes. */
        private void publish() throws IOException {
            if (waiting.isEmpty()) {
                return;
            }
            Waiting next = waiting.remove(random.nextInt(waiting.size()));
            List<DataFile> files = List.of(TestWorld.file(next.id, 1, 1));
            SnapshotDraft draft =
                    TestWorld.writtenAt(TestWorld.append(TestWorld.batch(next.id), files, List.of()), next.base);
            SnapshotChain chain = random.nextInt(3) == 0 ? paused() : world.chain;
            CommitOutcome outcome = chain.publish(chain.latest(), draft);
            while (outcome instanceof CommitOutcome.HeadMoved moved) {
                outcome = chain.publish(Optional.of(moved.head()), draft);
            }
            boolean young = world.clock.millis() - next.sinceMillis < WEEK.toMillis();
            assertTrue(
                    outcome instanceof CommitOutcome.Committed || !young && next.lease.isEmpty(),
                    () -> "a commit was refused in " + this);
            if (next.lease.isPresent()) {
                next.lease.get().close();
            }
        }

        /** The chain of a committer that stops right before its put while a cleaner runs. */
        private SnapshotChain paused() throws IOException {
            return world.open(new ForwardingObjectStore(world.warehouse) {
                        private boolean done;

                        @Override
                        public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                            if (path.contains("/snapshot/") && !done) {
                                done = true;
                                OrphanCleaner.of(world.open(world.warehouse), protections)
                                        .run(WEEK, false);
                            }
                            return super.putIfAbsent(path, bytes);
                        }
                    })
                    .snapshots();
        }

        private void check() throws Exception {
            SnapshotChain fresh = world.open(world.warehouse).snapshots();
            fresh.latest();
            Set<String> missing;
            try {
                missing = new TreeSet<>(world.named(fresh, fresh.knownEarliestId()));
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("the table cannot be read in " + this, e);
            }
            missing.removeAll(ExpiryWorld.standing(world.root));
            assertEquals(Set.of(), missing, this::toString);
        }

        @Override
        public String toString() {
            return "history with seed " + seed;
        }

        /** Work goes on between the cleaner's calls, and now and then a read fails. */
        private final class Busy extends ForwardingObjectStore {
            private boolean working;

            Busy() {
                super(world.warehouse);
            }

            private void work(boolean isRead) throws IOException {
                if (working) {
                    return;
                }
                working = true;
                if (random.nextInt(12) == 0) {
                    step();
                }
                working = false;
                if (isRead && random.nextInt(40) == 0) {
                    throw new IOException("no answer");
                }
            }

            @Override
            public byte[] read(String path) throws IOException {
                work(false);
                return super.read(path);
            }

            @Override
            public byte[] read(String path, long offset, int length) throws IOException {
                work(path.contains("/manifest/"));
                return super.read(path, offset, length);
            }

            @Override
            public Optional<ObjectInfo> find(String path) throws IOException {
                work(false);
                return super.find(path);
            }

            @Override
            public List<ObjectInfo> list(String directory) throws IOException {
                List<ObjectInfo> found = super.list(directory);
                work(false);
                return found;
            }

            @Override
            public boolean delete(String path) throws IOException {
                work(false);
                return super.delete(path);
            }
        }
    }
}
