package io.streamhouse.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that has never heard of the bundle; a session of the users' guide brings it along by {@code ADD JAR}. */
class AddJarClusterTest {
    /** As many numbers as the guide's second block writes. */
    private static final int ROWS = 3_000;

    @TempDir
    Path directory;

    /** Statements of one block of SQL in the users' guide, with this test's places. */
    private List<String> guide(int block, Path bundle) throws IOException {
        String text = Files.readString(Path.of("..", "..", "docs", "flink.md"));
        String sql = text.split("```sql\n", -1)[block];
        return Stream.of(sql.substring(0, sql.indexOf("```")).split(";\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .map(statement -> statement
                        .replaceFirst("/path/to/[^']+\\.jar", bundle.toString())
                        .replaceFirst("file:///shared/", directory.toUri().toString()))
                .toList();
    }

    private void readOnce(SqlSession sql, List<String> statements) throws IOException, InterruptedException {
        String createCatalog = statements.stream()
                .filter(statement -> statement.startsWith("CREATE CATALOG"))
                .findFirst()
                .orElseThrow();
        IOException unknown = assertThrows(IOException.class, () -> sql.run(createCatalog));
        assertTrue(unknown.getMessage().contains("any factory for identifier 'streamhouse'"), unknown::getMessage);

        assertEquals(
                List.of("1 ann 10.00", "2 bob 25.00", "3 cid 7.50"),
                amounts(sql.run(statements.toArray(String[]::new)).rows()));
        assertEquals(
                List.of("1 APPEND", "2 APPEND"),
                sql.run("SELECT snapshot_id, commit_kind FROM orders$snapshots ORDER BY snapshot_id")
                        .rows());
    }

    /** JSON does not keep the scale of a number. */
    private static List<String> amounts(List<String> rows) {
        return rows.stream()
                .map(row -> {
                    int last = row.lastIndexOf(' ') + 1;
                    return row.substring(0, last)
                            + new BigDecimal(row.substring(last)).setScale(2, RoundingMode.UNNECESSARY);
                })
                .toList();
    }

    private void stream(SessionCluster cluster, SqlSession sql, List<String> statements) throws Exception {
        String job = sql.run(statements.toArray(String[]::new)).job();
        Waiting.until("end of the job", Duration.ofSeconds(240), () -> cluster.state(job)
                .equals("FINISHED"));
        assertTrue(cluster.checkpoints(job).path("counts").path("completed").asInt() >= 1);
        List<String> expected = IntStream.range(0, ROWS)
                .mapToObj(id -> "(%d, %d)".formatted(id, (long) id * id))
                .sorted()
                .toList();
        assertEquals(expected, TableRows.of(directory.resolve("warehouse"), "squares"));

        List<String> changes = sql.run(
                        "SELECT * FROM orders /*+ OPTIONS('scan.mode' = 'earliest', 'scan.bounded' = '2') */")
                .rows();
        assertEquals(
                List.of(
                        "1 ann 10.00",
                        "2 bob 20.00",
                        "3 cid 7.50",
                        "UPDATE_AFTER 2 bob 25.00",
                        "UPDATE_BEFORE 2 bob 20.00"),
                amounts(changes).stream().sorted().toList());
    }

    @Test
    void aSessionWritesAndReadsWithTheJarItHasAdded() throws Exception {
        Path bundle = FlinkInstallation.bundle();
        FlinkInstallation flink = FlinkInstallation.create(directory.resolve("flink"), List.of());
        try (SessionCluster cluster = SessionCluster.start(flink, 1)) {
            try {
                SqlSession sql = cluster.session();
                readOnce(sql, guide(1, bundle));
                stream(cluster, sql, guide(2, bundle));
            } catch (Exception | AssertionError e) {
                throw new IllegalStateException(e.getMessage() + "\n" + cluster.logs(), e);
            }
        }
    }
}
