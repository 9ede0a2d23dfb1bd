package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A subscriber is stopped in the middle of commits and goes on with another parallelism; each change that it saw stands
 * as a row in an append table, so a lost or doubled one of any kind shows.
 */
class RescaleSqlTest {
    private static final int KEYS = 2_000;

    @TempDir
    Path warehouse;

    @TempDir
    Path checkpoints;

    /** The table's writer and what a subscriber must see of it. */
    private static final class Writer {
        private final JavaTable table;
        private final Random random;
        private final TreeMap<Integer, Integer> model = new TreeMap<>();
        private final Map<String, Integer> changes = new TreeMap<>();
        private int version;

        Writer(JavaTable table, long seed) {
            this.table = table;
            this.random = new Random(seed);
        }

        private void expect(String kind, int key, int value) {
            changes.merge("(%s, %d, %d)".formatted(kind, key, value), 1, Integer::sum);
        }

        /** How many changes of each kind a subscriber must see. */
        Map<String, Integer> kinds() {
            Map<String, Integer> kinds = new TreeMap<>();
            changes.forEach((change, n) -> kinds.merge(change.substring(1, 3), n, Integer::sum));
            return kinds;
        }

        /** How many changes a subscriber must see. */
        int count() {
            return changes.values().stream().mapToInt(n -> n).sum();
        }

        /** One commit over about half of the keys. */
        void commit() throws IOException {
            version++;
            for (int key = 0; key < KEYS; key++) {
                int die = random.nextInt(10);
                Integer before = model.get(key);
                if (die < 4) {
                    table.insert(key, version);
                    model.put(key, version);
                    if (before == null) {
                        expect("+I", key, version);
                    } else {
                        expect("-U", key, before);
                        expect("+U", key, version);
                    }
                } else if (die == 4) {
                    table.delete(key, null);
                    model.remove(key);
                    if (before != null) {
                        expect("-D", key, before);
                    }
                } else if (die == 5 && before != null) {
                    table.insert(key, before);
                }
            }
            table.commit();
        }
    }

    private JobClient start(SqlSession sql, int parallelism, String savepoint) {
        Map<String, String> options = new HashMap<>();
        options.put("execution.checkpointing.interval", "200 ms");
        if (!savepoint.isEmpty()) {
            options.put("execution.state-recovery.path", savepoint);
        }
        StreamTableEnvironment env = sql.stream(parallelism, options);
        DataStream<Row> changes = env.toChangelogStream(
                env.sqlQuery(
                        "SELECT k, v FROM t /*+ OPTIONS('changelog.shape' = 'full', 'continuous.discovery-interval' = '20 ms', 'scan.mode' = 'earliest') */"));
        // slow enough that a savepoint meets splits half read
        DataStream<Row> rows = changes.map(c -> {
                    LockSupport.parkNanos(400_000L);
                    return Row.of(c.getKind().shortString(), c.getField(0), c.getField(1));
                })
                .returns(Types.ROW_NAMED(new String[] {"kind", "k", "v"}, Types.STRING, Types.INT, Types.INT))
                .uid("as-inserts");
        return Jobs.of(env.fromDataStream(rows).executeInsert("seen"));
    }

    @Test
    @Timeout(180)
    void everyChangeIsSeenOnceOverSavepointsAndOtherParallelisms() throws Exception {
        long seed = Long.getLong("streamhouse.seed", 7L);
        SqlSession sql = new SqlSession(warehouse);
        sql.run("CREATE TABLE t (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '4')");
        sql.run("CREATE TABLE seen (kind STRING, k INT, v INT)");
        try (JavaTable table = new JavaTable(warehouse, "t");
                JavaTable seen = new JavaTable(warehouse, "seen")) {
            Writer writer = new Writer(table, seed);
            String savepoint = "";
            List<Integer> halfway = new ArrayList<>();
            for (int parallelism : List.of(2, 4, 1)) {
                int before = seen.rows().size();
                JobClient job = start(sql, parallelism, savepoint);
                for (int i = 0; i < 3; i++) {
                    writer.commit();
                }
                Jobs.await("some of it was seen", job, () -> seen.rows().size() > before);
                writer.commit();
                writer.commit();
                savepoint = Jobs.stop(job, checkpoints);
                halfway.add(writer.count() - seen.rows().size());
            }
            assertTrue(halfway.stream().allMatch(open -> open > 0), "unread changes at the savepoints: " + halfway);
            JobClient last = start(sql, 2, savepoint);
            int all = writer.count();
            Jobs.await("all " + all + " changes", last, () -> seen.rows().size() >= all);
            Jobs.stop(last, checkpoints);
            Map<String, Integer> counted = new TreeMap<>();
            seen.rows().forEach(r -> counted.merge(r.toString(), 1, Integer::sum));
            assertEquals(writer.changes, counted, "seed " + seed);
            Map<String, Integer> kinds = new TreeMap<>();
            seen.rows().forEach(r -> kinds.merge((String) r.value(0), 1, Integer::sum));
            assertEquals(writer.kinds(), kinds, "seed " + seed);
            assertEquals(Set.of("+I", "-U", "+U", "-D"), kinds.keySet(), "seed " + seed);
        }
    }
}
