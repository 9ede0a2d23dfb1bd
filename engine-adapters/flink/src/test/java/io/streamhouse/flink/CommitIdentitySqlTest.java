package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.flink.sink.SinkHooks;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.UserState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job, two jobs, old jobs and repeated attempts on one table: every row once, or one refusal with a code. */
class CommitIdentitySqlTest {
    @TempDir
    Path warehouse;

    @TempDir
    Path checkpoints;

    private SqlSession sql;
    private SinkHooks hooks;
    private JavaTable source;
    private JavaTable target;
    private final List<JobClient> jobs = new ArrayList<>();
    private int next;

    @BeforeEach
    void open() throws IOException {
        sql = new SqlSession(warehouse);
        hooks = SinkHooks.install();
        sql.run("CREATE TABLE src (a INT)");
        sql.run("CREATE TABLE dst (a INT)");
        source = new JavaTable(warehouse, "src");
        target = new JavaTable(warehouse, "dst");
    }

    @AfterEach
    void close() throws Exception {
        hooks.close();
        for (JobClient job : jobs) {
            Jobs.cancel(job);
        }
        source.close();
        target.close();
    }

    private Map<String, String> options(String... more) {
        Map<String, String> options = new HashMap<>();
        options.put("execution.checkpointing.interval", "50 ms");
        options.put("execution.checkpointing.dir", checkpoints.toUri().toString());
        options.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", "20");
        options.put("restart-strategy.fixed-delay.delay", "10 ms");
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    private JobClient start(String hints, String... more) {
        JobClient job = Jobs.of(sql.stream(2, options(more))
                .executeSql("INSERT INTO dst " + (hints.isEmpty() ? "" : "/*+ OPTIONS(" + hints + ") */ ")
                        + "SELECT a FROM src /*+ OPTIONS('continuous.discovery-interval' = '20 ms') */"));
        jobs.add(job);
        return job;
    }

    /** Adds a few rows to the source; all rows that it ever had. */
    private void feed() throws IOException {
        for (int i = 0; i < 5; i++) {
            source.insert(next++);
        }
        source.commit();
    }

    private List<String> fed() {
        return IntStream.range(0, next).mapToObj(i -> "(" + i + ")").sorted().toList();
    }

    private void awaitAll(JobClient job) throws Exception {
        List<String> all = fed();
        Jobs.await("the target has " + next + " rows", job, () -> target.texts().equals(all));
    }

    /** Fails if the job had more than one attempt. */
    private static void assertNoRestart(JobClient job) throws Exception {
        assertEquals(0, Jobs.attempts(job), "attempts after the first");
    }

    @Test
    void stoppedJobGoesOnFromItsSavepoint() throws Exception {
        JobClient job = start("");
        feed();
        awaitAll(job);
        feed();
        String savepoint = Jobs.stop(job, checkpoints);
        feed();
        JobClient again = start("", "execution.state-recovery.path", savepoint);
        feed();
        awaitAll(again);
        assertEquals(2, fences());
    }

    private long fences() throws IOException {
        return target.table().snapshots().list(1, Long.MAX_VALUE).stream()
                .filter(s -> s.kind() == SnapshotKind.FENCE)
                .count();
    }

    @Test
    void olderSavepointIsRefusedOrGoesOnAsANewUser() throws Exception {
        JobClient job = start("");
        feed();
        awaitAll(job);
        String savepoint = Jobs.savepoint(job, checkpoints);
        List<String> atSavepoint = fed();
        feed();
        awaitAll(job);
        Jobs.cancel(job);
        JobClient refused = start("", "execution.state-recovery.path", savepoint);
        String failure = Jobs.failure(refused);
        assertTrue(failure.contains("OLDER_SAVEPOINT") && failure.contains("commit.on-older-savepoint"), failure);
        assertNoRestart(refused);
        assertEquals(fed(), target.texts());

        JobClient fork = start("'commit.on-older-savepoint' = 'new-user'", "execution.state-recovery.path", savepoint);
        // the other timeline's rows stay, and this one writes them again
        List<String> expected = new ArrayList<>(fed());
        expected.addAll(fed());
        atSavepoint.forEach(expected::remove);
        expected.sort(null);
        Jobs.await("the fork has written", fork, () -> target.texts().equals(expected));
    }

    /** The restored state holds a delta that was committed so long ago that the commit map has forgotten it. */
    @Test
    void newUserLeavesBehindAForgottenDelta() throws Exception {
        Stall stall = new Stall();
        JobClient job = start("");
        feed();
        stall.reached.await();
        String checkpoint = copyOf(newestCheckpoint(job));
        stall.release.countDown();
        awaitAll(job);
        List<String> first = fed();
        for (int i = 0; i <= UserState.KEPT_DELTAS; i++) {
            feed();
            awaitAll(job);
        }
        Jobs.cancel(job);
        JobClient fork = start("'commit.on-older-savepoint' = 'new-user'", "execution.state-recovery.path", checkpoint);
        List<String> expected = new ArrayList<>(fed());
        expected.addAll(fed());
        first.forEach(expected::remove);
        expected.sort(null);
        Jobs.await("the fork has written", fork, () -> target.texts().equals(expected));
        assertEquals(1, SinkCounters.of(fork.getJobID(), "alreadyCommitted"));
        assertNoRestart(fork);
    }

    /** A copy of a checkpoint that outlives its job; small states stand in the one file. */
    private String copyOf(String checkpoint) throws IOException {
        Path copy = java.nio.file.Files.createDirectories(checkpoints.resolve("copy"));
        java.nio.file.Files.copy(
                Path.of(java.net.URI.create(checkpoint)).resolve("_metadata"), copy.resolve("_metadata"));
        return copy.toUri().toString();
    }

    @Test
    void secondJobFromOneSavepointEndsTheFirst() throws Exception {
        JobClient job = start("");
        feed();
        awaitAll(job);
        String savepoint = Jobs.stop(job, checkpoints);
        JobClient first = start("", "execution.state-recovery.path", savepoint);
        Jobs.await("the first has opened", first, () -> fences() == 2);
        JobClient second = start("", "execution.state-recovery.path", savepoint);
        Jobs.await("the second has opened", second, () -> fences() == 3);
        feed();
        String failure = Jobs.failure(first);
        assertTrue(failure.contains("WRITER_FENCED"), failure);
        assertNoRestart(first);
        awaitAll(second);
        feed();
        awaitAll(second);
        // a third one comes after the second has committed
        JobClient third = start("", "execution.state-recovery.path", savepoint);
        assertTrue(Jobs.failure(third).contains("OLDER_SAVEPOINT"));
        feed();
        awaitAll(second);
    }

    @Test
    void statelessRestartUnderAKeptUserIsRefused() throws Exception {
        JobClient job = start("'commit.user' = 'nightly'");
        feed();
        awaitAll(job);
        Jobs.cancel(job);
        JobClient again = start("'commit.user' = 'nightly'");
        String failure = Jobs.failure(again);
        assertTrue(failure.contains("OLDER_SAVEPOINT") && failure.contains("nightly"), failure);
        assertNoRestart(again);
        assertEquals(fed(), target.texts());
    }

    @Test
    void fenceBeforeTheCommitOfARestoredDelta() throws Exception {
        restoredDelta(true);
    }

    @Test
    void fenceAfterTheCommitOfARestoredDelta() throws Exception {
        restoredDelta(false);
    }

    /** The committer dies between checkpoint and commit; the restored attempt fences and commits in a forced order. */
    private void restoredDelta(boolean fenceFirst) throws Exception {
        AtomicInteger commits = new AtomicInteger();
        CountDownLatch fenced = new CountDownLatch(2);
        CountDownLatch committed = new CountDownLatch(1);
        AtomicBoolean broken = new AtomicBoolean();
        hooks.afterFence((table, id) -> fenced.countDown());
        hooks.beforeFence((table, id) -> {
            if (broken.get() && !fenceFirst) {
                committed.await();
            }
        });
        hooks.beforeCommit((table, id) -> {
            if (commits.incrementAndGet() == 2 && broken.compareAndSet(false, true)) {
                throw new IllegalStateException("the committer dies before its second commit");
            }
            if (broken.get() && fenceFirst) {
                fenced.await();
            }
        });
        hooks.afterCommit((table, id) -> {
            if (broken.get()) {
                committed.countDown();
            }
        });
        JobClient job = start("");
        feed();
        awaitAll(job);
        feed();
        awaitAll(job);
        assertTrue(broken.get());
        Jobs.await("the second attempt has opened", job, () -> fences() == 2);
        List<SnapshotKind> kinds = target.table().snapshots().list(1, Long.MAX_VALUE).stream()
                .map(s -> s.kind())
                .toList();
        assertEquals(fenceFirst ? SnapshotKind.FENCE : SnapshotKind.APPEND, kinds.get(2), kinds::toString);
        feed();
        awaitAll(job);
    }

    @Test
    void committedDeltaIsNotCommittedAgainWhenItsAttemptDies() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        hooks.afterCommit((table, id) -> {
            if (commits.incrementAndGet() == 2) {
                throw new IllegalStateException("the committer dies after its second commit");
            }
        });
        JobClient job = start("");
        feed();
        awaitAll(job);
        feed();
        awaitAll(job);
        feed();
        awaitAll(job);
        assertTrue(commits.get() >= 3);
    }

    @Test
    void repeatedBatchAttemptWritesItsResultOnce() throws Exception {
        feed();
        for (String shuffle : List.of("ALL_EXCHANGES_PIPELINED", "ALL_EXCHANGES_BLOCKING")) {
            sql.run("DROP TABLE IF EXISTS once");
            sql.run("CREATE TABLE once (a INT)");
            AtomicInteger commits = new AtomicInteger();
            hooks.afterCommit((table, id) -> {
                if (commits.incrementAndGet() <= 2) {
                    throw new IllegalStateException("the committer dies after its commit");
                }
            });
            SqlSession.await(TestCluster.environment(
                            warehouse,
                            org.apache.flink.api.common.RuntimeExecutionMode.BATCH,
                            2,
                            options("execution.batch-shuffle-mode", shuffle, "jobmanager.scheduler", "Default"))
                    .executeSql("INSERT INTO once SELECT a FROM src"));
            assertEquals(3, commits.get(), shuffle);
            try (JavaTable once = new JavaTable(warehouse, "once")) {
                assertEquals(fed(), once.texts(), shuffle);
            }
        }
    }

    @Test
    void stalledJobFindsItsDeltaCommittedByItsSuccessorAndIsThenFenced() throws Exception {
        JobClient old = start("");
        feed();
        awaitAll(old);
        // from here on: the rows fed first may have taken two checkpoints
        Stall stall = new Stall();
        feed();
        stall.reached.await();
        String checkpoint = newestCheckpoint(old);
        JobClient successor = start("", "execution.state-recovery.path", checkpoint);
        awaitAll(successor);
        stall.release.countDown();
        Jobs.await("the old job has looked at its delta", () -> stall.passed);
        assertEquals(JobStatus.RUNNING, old.getJobStatus().get());
        assertEquals(1, SinkCounters.of(old.getJobID(), "alreadyCommitted"));
        feed();
        String failure = Jobs.failure(old);
        assertTrue(failure.contains("WRITER_FENCED"), failure);
        assertNoRestart(old);
        awaitAll(successor);
    }

    @Test
    void stalledJobIsFencedAtOnceWithADeltaThatItsSuccessorDoesNotKnow() throws Exception {
        JobClient old = start("");
        feed();
        awaitAll(old);
        String savepoint = Jobs.savepoint(old, checkpoints);
        Stall stall = new Stall();
        feed();
        stall.reached.await();
        JobClient successor = start("", "execution.state-recovery.path", savepoint);
        awaitAll(successor);
        stall.release.countDown();
        String failure = Jobs.failure(old);
        assertTrue(failure.contains("WRITER_FENCED"), failure);
        assertNoRestart(old);
        feed();
        awaitAll(successor);
    }

    /** Holds up the n-th commit from now on; later ones pass. */
    private final class Stall {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private volatile boolean passed;

        /** Holds the next commit. */
        Stall() {
            AtomicInteger commits = new AtomicInteger();
            hooks.beforeCommit((table, id) -> {
                if (commits.incrementAndGet() == 1) {
                    reached.countDown();
                    release.await();
                    hooks.afterCommit((t, i) -> passed = true);
                }
            });
        }
    }

    private String newestCheckpoint(JobClient job) throws IOException {
        Path dir = checkpoints.resolve(job.getJobID().toHexString());
        try (var entries = java.nio.file.Files.list(dir)) {
            return entries.filter(p -> p.getFileName().toString().startsWith("chk-")
                            && java.nio.file.Files.exists(p.resolve("_metadata")))
                    .max(java.util.Comparator.comparingLong(
                            p -> Long.parseLong(p.getFileName().toString().substring("chk-".length()))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    @Test
    void twoInsertsOfAStatementSetIntoOneTableBothArrive() throws Exception {
        for (boolean reuse : List.of(true, false)) {
            sql.run("DROP TABLE IF EXISTS halves");
            sql.run("CREATE TABLE halves (a INT)");
            feed();
            JobClient job = Jobs.of(sql.stream(
                            2, options("table.optimizer.reuse-sink-enabled", Boolean.toString(reuse)))
                    .executeSql("EXECUTE STATEMENT SET BEGIN INSERT INTO halves SELECT a FROM src WHERE MOD(a, 2) = 0;"
                            + " INSERT INTO halves SELECT a FROM src WHERE MOD(a, 2) = 1; END"));
            jobs.add(job);
            feed();
            List<String> all = fed();
            try (JavaTable both = new JavaTable(warehouse, "halves")) {
                Jobs.await("both halves", job, () -> both.texts().equals(all));
                feed();
                List<String> more = fed();
                Jobs.await("both halves again", job, () -> both.texts().equals(more));
            }
            Jobs.cancel(job);
        }
    }
}
