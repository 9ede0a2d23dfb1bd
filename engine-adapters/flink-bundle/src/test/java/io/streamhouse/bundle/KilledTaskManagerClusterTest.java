package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle in {@code lib} of a session cluster: a job goes on exactly when the TaskManager of its committer is killed. */
class KilledTaskManagerClusterTest {
    private static final int KEYS = 997;

    /** Rows committed when the TaskManager dies: some checkpoints are complete by then. */
    private static final int ROWS_BEFORE_KILL = 8_000;

    private static final Duration LIMIT = Duration.ofSeconds(240);

    @TempDir
    Path directory;

    private Path warehouse() {
        return directory.resolve("warehouse");
    }

    private int arrived() throws IOException {
        return TableRows.of(warehouse(), "arrivals").size();
    }

    private static List<String> expectedArrivals(long rows) {
        List<String> out = new ArrayList<>();
        for (long id = 0; id < rows; id++) {
            out.add("(%d, row %d)".formatted(id, id * id));
        }
        return out;
    }

    /** Count, sum and greatest id of each key: any row lost or taken twice shows. */
    private static List<String> expectedTotals(long rows) {
        Map<Long, long[]> groups = new TreeMap<>();
        for (long id = 0; id < rows; id++) {
            long[] group = groups.computeIfAbsent(id * 31 % KEYS, k -> new long[3]);
            group[0]++;
            group[1] += id;
            group[2] = Math.max(group[2], id);
        }
        List<String> out = new ArrayList<>();
        groups.forEach((key, group) -> out.add("(%d, %d, %d, %d)".formatted(key, group[0], group[1], group[2])));
        return out;
    }

    private String submit(SqlSession sql) throws IOException, InterruptedException {
        return sql.run(
                        "CREATE CATALOG lake WITH ('type' = 'streamhouse', 'warehouse' = '"
                                + warehouse().toUri() + "')",
                        "USE CATALOG lake",
                        "CREATE TABLE totals (k BIGINT, row_count BIGINT, total BIGINT, highest BIGINT,"
                                + " PRIMARY KEY (k) NOT ENFORCED)",
                        "CREATE TABLE arrivals (id BIGINT, note STRING)",
                        "CREATE TEMPORARY TABLE numbers (id BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json',"
                                + " 'source.monitor-interval' = '100 ms', 'path' = '"
                                + directory.resolve("numbers").toUri() + "')",
                        "SET 'execution.checkpointing.interval' = '1 s'",
                        "SET 'execution.checkpointing.dir' = '"
                                + directory.resolve("checkpoints").toUri() + "'",
                        "SET 'restart-strategy.type' = 'fixed-delay'",
                        "SET 'restart-strategy.fixed-delay.attempts' = '20'",
                        "SET 'restart-strategy.fixed-delay.delay' = '500 ms'",
                        "EXECUTE STATEMENT SET BEGIN"
                                + " INSERT INTO totals SELECT k, COUNT(*), SUM(id), MAX(id)"
                                + (" FROM (SELECT id, MOD(id * 31, " + KEYS + ") AS k FROM numbers) GROUP BY k;")
                                + " INSERT INTO arrivals SELECT id, CONCAT('row ', CAST(id * id AS STRING)) FROM numbers;"
                                + " END")
                .job();
    }

    /** The TaskManager that runs a committer; empty if none does. */
    private static String committerOf(SessionCluster cluster, String job) throws IOException, InterruptedException {
        return cluster.runningTasks(job).entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(name -> name.contains("Committer")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static int completed(SessionCluster cluster, String job) throws IOException, InterruptedException {
        return cluster.checkpoints(job).path("counts").path("completed").asInt();
    }

    private static void checkpointsMore(SessionCluster cluster, String job, int count) throws Exception {
        int before = completed(cluster, job);
        Waiting.until(count + " more checkpoints", LIMIT, () -> completed(cluster, job) >= before + count);
    }

    @Test
    void noRowIsLostOrDoubledWhenATaskManagerIsKilledWhileRowsFlow() throws Exception {
        FlinkInstallation flink =
                FlinkInstallation.create(directory.resolve("flink"), List.of(FlinkInstallation.bundle()));
        long rows;
        try (SessionCluster cluster = SessionCluster.start(flink, 2);
                NumberFeed feed = NumberFeed.start(directory.resolve("numbers"))) {
            try {
                String job = submit(cluster.session());
                killWhileRowsFlow(cluster, job, feed);
                checkpointsMore(cluster, job, 1);
                checkRestore(cluster, job);
                rows = feed.stop();
                Waiting.until("commit of all rows", LIMIT, () -> arrived() >= rows);
                // what a committer would do twice, it does by then
                checkpointsMore(cluster, job, 2);
            } catch (Exception | AssertionError e) {
                throw new IllegalStateException(e.getMessage() + "\n" + cluster.logs(), e);
            }
        }
        assertEquals(Map.of(), TableRows.differences(expectedArrivals(rows), TableRows.of(warehouse(), "arrivals")));
        assertEquals(Map.of(), TableRows.differences(expectedTotals(rows), TableRows.of(warehouse(), "totals")));
    }

    private void killWhileRowsFlow(SessionCluster cluster, String job, NumberFeed feed) throws Exception {
        Waiting.until(
                "first commits",
                LIMIT,
                () -> arrived() >= ROWS_BEFORE_KILL
                        && completed(cluster, job) >= 2
                        && !committerOf(cluster, job).isEmpty());
        Map<String, Set<String>> tasks = cluster.runningTasks(job);
        assertEquals(Set.of("tm-0", "tm-1"), tasks.keySet(), "the job runs on both TaskManagers");
        String victim = committerOf(cluster, job);
        assertEquals(ChildJvm.KILLED, cluster.kill(victim));
        long fed = feed.rows();
        int committed = arrived();
        assertTrue(committed < fed, () -> committed + " of " + fed + " rows committed: none was under way");

        String survivor = victim.equals("tm-0") ? "tm-1" : "tm-0";
        Set<String> all = tasks.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        Waiting.until("all tasks on " + survivor, LIMIT, () -> cluster.runningTasks(job)
                .equals(Map.of(survivor, all)));
        assertTrue(feed.rows() > fed, "no row came while the job was restarted");
    }

    /** The job went on from a checkpoint; it neither started anew nor got through without a failure. */
    private static void checkRestore(SessionCluster cluster, String job) throws IOException, InterruptedException {
        JsonNode checkpoints = cluster.checkpoints(job);
        assertTrue(checkpoints.path("counts").path("restored").asInt() >= 1, checkpoints::toString);
        JsonNode restored = checkpoints.path("latest").path("restored");
        JsonNode newest = checkpoints.path("latest").path("completed");
        assertTrue(restored.path("id").asLong() >= 2, checkpoints::toString);
        assertTrue(newest.path("id").asLong() > restored.path("id").asLong(), checkpoints::toString);
        JsonNode failures = cluster.exceptions(job).path("exceptionHistory").path("entries");
        assertTrue(failures.size() >= 1, failures::toString);
    }

    @Test
    void aDoubledAndALostRowAreSeen() {
        List<String> expected = expectedArrivals(100);
        List<String> wrong = new ArrayList<>(expected);
        wrong.set(17, expected.get(18));
        assertEquals(Map.of("(17, row 289)", -1, "(18, row 324)", 1), TableRows.differences(expected, wrong));
        assertEquals(
                1,
                TableRows.differences(expectedTotals(99), expectedTotals(100)).values().stream()
                        .filter(count -> count > 0)
                        .count());
    }
}
