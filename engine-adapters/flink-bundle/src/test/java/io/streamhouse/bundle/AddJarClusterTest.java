package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that has never heard of the bundle; a session brings it along by {@code ADD JAR}. */
class AddJarClusterTest {
    private static final int ROWS = 3_000;

    @TempDir
    Path directory;

    private void runScript(SessionCluster cluster, Path bundle) throws Exception {
        Path warehouse = directory.resolve("warehouse");
        String createCatalog =
                "CREATE CATALOG lake WITH ('type' = 'streamhouse', 'warehouse' = '" + warehouse.toUri() + "')";
        SqlSession sql = cluster.session();
        IOException unknown = assertThrows(IOException.class, () -> sql.run(createCatalog));
        assertTrue(unknown.getMessage().contains("any factory for identifier 'streamhouse'"), unknown::getMessage);

        sql.run(
                "ADD JAR '" + bundle + "'",
                createCatalog,
                "USE CATALOG lake",
                "CREATE TABLE orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED)",
                "SET 'execution.runtime-mode' = 'batch'",
                "SET 'table.dml-sync' = 'true'",
                "INSERT INTO orders VALUES (1, 'ann', 10.00), (2, 'bob', 20.00)",
                "INSERT INTO orders VALUES (2, 'bob', 25.00), (3, 'cid', 7.50)");
        assertEquals(
                List.of("1 ann 10", "2 bob 25", "3 cid 7.5"),
                sql.run("SELECT * FROM orders ORDER BY id").rows().stream()
                        .map(row -> row.replaceAll("\\.?0+$", ""))
                        .toList());
        assertEquals(
                List.of("1 APPEND", "2 APPEND"),
                sql.run("SELECT snapshot_id, commit_kind FROM orders$snapshots ORDER BY snapshot_id")
                        .rows());

        String job = sql.run(
                        "SET 'execution.runtime-mode' = 'streaming'",
                        "SET 'table.dml-sync' = 'false'",
                        "SET 'execution.checkpointing.interval' = '1 s'",
                        "SET 'execution.checkpointing.dir' = '"
                                + directory.resolve("checkpoints").toUri() + "'",
                        "CREATE TABLE squares (id BIGINT, square BIGINT, PRIMARY KEY (id) NOT ENFORCED)",
                        ("CREATE TEMPORARY TABLE numbers (id BIGINT) WITH ('connector' = 'datagen',"
                                        + " 'rows-per-second' = '1500', 'fields.id.kind' = 'sequence',"
                                        + " 'fields.id.start' = '0', 'fields.id.end' = '%d')")
                                .formatted(ROWS - 1),
                        "INSERT INTO squares SELECT id, id * id FROM numbers")
                .job();
        Waiting.until("end of the job", Duration.ofSeconds(60), () -> cluster.state(job)
                .equals("FINISHED"));
        assertTrue(cluster.checkpoints(job).path("counts").path("completed").asInt() >= 1);
        List<String> expected = IntStream.range(0, ROWS)
                .mapToObj(id -> "(%d, %d)".formatted(id, (long) id * id))
                .sorted()
                .toList();
        assertEquals(expected, TableRows.of(warehouse, "squares"));

        List<String> changes = sql.run(
                        "SELECT * FROM orders /*+ OPTIONS('scan.mode' = 'earliest', 'scan.bounded' = '2') */")
                .rows();
        assertEquals(
                List.of("UPDATE_AFTER 2 bob 25", "UPDATE_BEFORE 2 bob 20"),
                changes.stream()
                        .filter(row -> row.startsWith("UPDATE"))
                        .map(row -> row.replaceAll("\\.0+$", ""))
                        .sorted()
                        .toList(),
                changes::toString);
    }

    @Test
    void aSessionWritesAndReadsWithTheJarItHasAdded() throws Exception {
        Path bundle = FlinkInstallation.bundle();
        FlinkInstallation flink = FlinkInstallation.create(directory.resolve("flink"), List.of());
        try (SessionCluster cluster = SessionCluster.start(flink, 1)) {
            try {
                runScript(cluster, bundle);
            } catch (Exception e) {
                throw new IllegalStateException(e.getMessage() + "\n" + cluster.logs(), e);
            }
        }
    }
}
