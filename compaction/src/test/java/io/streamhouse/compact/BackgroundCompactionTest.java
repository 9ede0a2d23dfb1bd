package io.streamhouse.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Table;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackgroundCompactionTest {
    private static final int KEYS = 60;
    private final ReentrantLock commits = new ReentrantLock();
    private final RandomGenerator random = Seeds.random(1);

    private static CompactionSettings settings(Table table) {
        return CompactionSettings.of(table.schema());
    }

    private void commit(CompactTable t) throws IOException {
        commits.lock();
        try {
            t.commit(0, t.writes(random, 20, KEYS));
        } finally {
            commits.unlock();
        }
    }

    /** The model follows what was published beside it. */
    private static void follow(CompactTable t) throws IOException {
        while (t.model.head() < t.head().id()) {
            t.model.commitNothing();
        }
    }

    @Test
    void aJobThatCommitsAllTheTimeKeepsFewFiles() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 1);
                BackgroundCompaction compaction = new BackgroundCompaction(
                        TableCompactor.open(t.table, settings(t.table)),
                        Runnable::run,
                        commits,
                        CompactionListener.NONE)) {
            for (int i = 0; i < 40; i++) {
                commit(t);
                compaction.afterCommit(t.head());
                follow(t);
                assertTrue(t.files().size() <= 8, t.files().size() + " files");
            }
            assertTrue(compaction.report().published() >= 4);
            assertEquals(0, compaction.failures());
            assertEquals(CompactionDebt.NONE, compaction.debt());
            t.check();
            t.checkChanges();
        }
    }

    @Test
    void failuresAreToldAndTriedAgainAfterMoreAndMoreCommits() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 2)) {
            boolean[] failing = {true};
            int[] tries = {0};
            Table beside = t.open(store -> new FaultyObjectStore(store, (call, path) -> {
                boolean output = call == StoreCall.COMMIT && path.contains("/data/");
                tries[0] += output ? 1 : 0;
                return output && failing[0] ? Optional.of(Fault.ERROR_BEFORE) : Optional.empty();
            }));
            List<Integer> waits = new ArrayList<>();
            CompactionListener listener = new CompactionListener() {
                @Override
                public void failed(Exception failure, int commitsUntilNextTry) {
                    waits.add(commitsUntilNextTry);
                }
            };
            try (BackgroundCompaction compaction = new BackgroundCompaction(
                    TableCompactor.open(beside, settings(beside)), Runnable::run, commits, listener)) {
                Set<String> before = Set.of();
                for (int i = 0; i < 40; i++) {
                    commit(t);
                    before = t.dataObjects();
                    compaction.afterCommit(t.head());
                    assertEquals(before, t.dataObjects());
                }
                assertEquals(List.of(2, 4, 8, 16), waits);
                assertEquals(4, tries[0]);
                assertEquals(4, compaction.failures());
                assertTrue(compaction.debt().files() >= 8);
                failing[0] = false;
                for (int i = 0; i < 20; i++) {
                    compaction.afterCommit(t.head());
                }
                follow(t);
                assertEquals(0, compaction.failures());
                assertEquals(1, t.files().size());
                t.check();
            }
        }
    }

    /** As where the jars of a table's file format are missing. */
    @Test
    void anErrorOfACompactionIsAFailureOfItAndNotOfTheJob() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 6)) {
            boolean[] failing = {true};
            Table beside = t.open(store -> new FaultyObjectStore(store, (call, path) -> {
                if (failing[0] && call == StoreCall.COMMIT && path.contains("/data/")) {
                    throw new NoClassDefFoundError("org/apache/orc/Writer");
                }
                return Optional.empty();
            }));
            List<Exception> told = new ArrayList<>();
            CompactionListener listener = new CompactionListener() {
                @Override
                public void failed(Exception failure, int commitsUntilNextTry) {
                    told.add(failure);
                }
            };
            try (BackgroundCompaction compaction = new BackgroundCompaction(
                    TableCompactor.open(beside, settings(beside)), Runnable::run, commits, listener)) {
                for (int i = 0; i < 10; i++) {
                    commit(t);
                    compaction.afterCommit(t.head());
                }
                assertTrue(told.get(0).getMessage().contains("org/apache/orc/Writer"), told.toString());
                failing[0] = false;
                for (int i = 0; i < 10; i++) {
                    compaction.afterCommit(t.head());
                }
                follow(t);
                assertTrue(compaction.report().published() >= 1);
                t.check();
            }
        }
    }

    @Test
    void oneTaskRunsAtATimeAndAnExecutorThatIsFullIsAFailureOnly() throws IOException {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 3)) {
            Deque<Runnable> queue = new ArrayDeque<>();
            try (BackgroundCompaction compaction = new BackgroundCompaction(
                    TableCompactor.open(t.table, settings(t.table)), queue::add, commits, CompactionListener.NONE)) {
                for (int i = 0; i < 20; i++) {
                    commit(t);
                    compaction.afterCommit(t.head());
                }
                assertEquals(1, queue.size());
                queue.remove().run();
                follow(t);
                t.check();
                assertEquals(1, compaction.report().published());
            }
            BackgroundCompaction refused = new BackgroundCompaction(
                    TableCompactor.open(t.table, settings(t.table)),
                    task -> {
                        throw new java.util.concurrent.RejectedExecutionException("full");
                    },
                    commits,
                    CompactionListener.NONE);
            refused.afterCommit(t.head());
            assertEquals(1, refused.failures());
            refused.close();
        }
    }

    @Racing
    void closingEndsATaskThatWaitsForTheCommitLockAndLeavesNoOutputs() throws Exception {
        try (CompactTable t = new CompactTable(CompactTable.Shape.LONG, 4)) {
            for (int i = 0; i < 10; i++) {
                commit(t);
            }
            Set<String> before = t.dataObjects();
            CountDownLatch rewritten = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            Table beside = t.open(store -> new FaultyObjectStore(store, (call, path) -> {
                if (call == StoreCall.COMMIT && path.contains("/data/")) {
                    rewritten.countDown();
                }
                return Optional.empty();
            }));
            BackgroundCompaction compaction = new BackgroundCompaction(
                    TableCompactor.open(beside, settings(beside)),
                    task -> {
                        Thread thread = new Thread(task, "compaction");
                        threads.add(thread);
                        thread.start();
                    },
                    commits,
                    CompactionListener.NONE);
            commits.lock();
            try {
                compaction.afterCommit(t.head());
                assertTrue(rewritten.await(20, TimeUnit.SECONDS));
                // by the thread that holds the lock: must not wait for a task that waits for it
                compaction.close();
            } finally {
                commits.unlock();
            }
            threads.get(0).join(20_000);
            assertTrue(!threads.get(0).isAlive());
            assertEquals(before, t.dataObjects());
            t.check();
        }
    }
}
