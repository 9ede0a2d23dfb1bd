package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
    private static final int ROWS = 60_000;
    private static final int ROWS_A_SECOND = 6_000;
    private static final int KEYS = 997;

    /** Rows committed when the TaskManager dies: some checkpoints are complete, most of the input is to come. */
    private static final int ROWS_BEFORE_KILL = 2 * ROWS_A_SECOND;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static long key(long id) {
        return id * 31 % KEYS;
    }

    private static List<String> expectedArrivals() {
        List<String> out = new ArrayList<>();
        for (long id = 0; id < ROWS; id++) {
            out.add("(%d, row %d)".formatted(id, id * id));
        }
        return out;
    }

    /** Count, sum and greatest id of each key: any row lost or taken twice shows. */
    private static List<String> expectedTotals() {
        Map<Long, long[]> groups = new TreeMap<>();
        for (long id = 0; id < ROWS; id++) {
            long[] group = groups.computeIfAbsent(key(id), k -> new long[3]);
            group[0]++;
            group[1] += id;
            group[2] = Math.max(group[2], id);
        }
        List<String> out = new ArrayList<>();
        groups.forEach((key, group) -> out.add("(%d, %d, %d, %d)".formatted(key, group[0], group[1], group[2])));
        return out;
    }

    private String submit(SqlSession sql, Path warehouse) throws IOException, InterruptedException {
        return sql.run(
                        "CREATE CATALOG lake WITH ('type' = 'streamhouse', 'warehouse' = '" + warehouse.toUri() + "')",
                        "USE CATALOG lake",
                        "CREATE TABLE totals (k BIGINT, row_count BIGINT, total BIGINT, highest BIGINT,"
                                + " PRIMARY KEY (k) NOT ENFORCED)",
                        "CREATE TABLE arrivals (id BIGINT, note STRING)",
                        ("CREATE TEMPORARY TABLE numbers (id BIGINT) WITH ('connector' = 'datagen',"
                                        + " 'rows-per-second' = '%d', 'fields.id.kind' = 'sequence',"
                                        + " 'fields.id.start' = '0', 'fields.id.end' = '%d')")
                                .formatted(ROWS_A_SECOND, ROWS - 1),
                        "SET 'execution.checkpointing.interval' = '1 s'",
                        "SET 'execution.checkpointing.dir' = '"
                                + directory.resolve("checkpoints").toUri() + "'",
                        "SET 'restart-strategy.type' = 'fixed-delay'",
                        "SET 'restart-strategy.fixed-delay.attempts' = '20'",
                        "SET 'restart-strategy.fixed-delay.delay' = '500 ms'",
                        ("EXECUTE STATEMENT SET BEGIN"
                                        + " INSERT INTO totals SELECT k, COUNT(*), SUM(id), MAX(id)"
                                        + " FROM (SELECT id, MOD(id * 31, %d) AS k FROM numbers) GROUP BY k;"
                                        + " INSERT INTO arrivals SELECT id, CONCAT('row ', CAST(id * id AS STRING)) FROM numbers;"
                                        + " END")
                                .formatted(KEYS))
                .job();
    }

    /** The TaskManager that runs a committer. */
    private static String committerOf(SessionCluster cluster, String job) throws IOException, InterruptedException {
        return cluster.runningTasks(job).entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(name -> name.contains("Committer")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    @Test
    void noRowIsLostOrDoubledWhenATaskManagerIsKilledWhileRowsFlow() throws Exception {
        Path warehouse = directory.resolve("warehouse");
        FlinkInstallation flink =
                FlinkInstallation.create(directory.resolve("flink"), List.of(FlinkInstallation.bundle()));
        try (SessionCluster cluster = SessionCluster.start(flink, 2)) {
            try {
                String job = submit(cluster.session(), warehouse);
                killWhileRowsFlow(cluster, job, warehouse);
                Waiting.until("end of the job", LIMIT, () -> {
                    String state = cluster.state(job);
                    assertNotEquals("FAILED", state, () -> cluster.logs());
                    return state.equals("FINISHED");
                });
                checkRestore(cluster, job);
            } catch (Exception e) {
                throw new IllegalStateException(e.getMessage() + "\n" + cluster.logs(), e);
            }
        }
        assertEquals(Map.of(), TableRows.differences(expectedArrivals(), TableRows.of(warehouse, "arrivals")));
        assertEquals(Map.of(), TableRows.differences(expectedTotals(), TableRows.of(warehouse, "totals")));
    }

    private static void killWhileRowsFlow(SessionCluster cluster, String job, Path warehouse) throws Exception {
        Waiting.until(
                "first commits",
                LIMIT,
                () -> TableRows.of(warehouse, "arrivals").size() >= ROWS_BEFORE_KILL
                        && !committerOf(cluster, job).isEmpty());
        Map<String, Set<String>> tasks = cluster.runningTasks(job);
        assertEquals(2, tasks.size(), () -> "the job runs on both TaskManagers: " + tasks);
        String victim = committerOf(cluster, job);
        assertEquals(ChildJvm.KILLED, cluster.kill(victim));
        int committed = TableRows.of(warehouse, "arrivals").size();
        assertTrue(
                committed >= ROWS_BEFORE_KILL && committed < ROWS,
                () -> "the TaskManager did not die while rows flowed, but after " + committed);
        Waiting.until("tasks on the survivor only", LIMIT, () -> {
            Map<String, Set<String>> now = cluster.runningTasks(job);
            return !now.containsKey(victim) && now.equals(Map.of(survivor(victim), all(tasks)));
        });
    }

    private static String survivor(String victim) {
        return victim.equals("tm-0") ? "tm-1" : "tm-0";
    }

    private static Set<String> all(Map<String, Set<String>> tasks) {
        return tasks.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The job did not start anew, and did not get through without a restart. */
    private static void checkRestore(SessionCluster cluster, String job) throws IOException, InterruptedException {
        JsonNode checkpoints = cluster.checkpoints(job);
        assertTrue(checkpoints.path("counts").path("restored").asInt() >= 1, checkpoints::toString);
        assertTrue(checkpoints.path("latest").path("restored").path("id").asLong() >= 2, checkpoints::toString);
        JsonNode failures = cluster.exceptions(job).path("exceptionHistory").path("entries");
        assertTrue(failures.size() >= 1, failures::toString);
    }

    @Test
    void aDoubledAndALostRowAreSeen() {
        List<String> expected = expectedArrivals();
        List<String> wrong = new ArrayList<>(expected);
        wrong.set(17, expected.get(18));
        assertEquals(Map.of("(17, row 289)", -1, "(18, row 324)", 1), TableRows.differences(expected, wrong));
    }
}
