package io.streamhouse.flink;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** SQL over one warehouse, in batch or in streams. */
final class SqlSession {
    private final Path warehouse;
    private final StreamTableEnvironment batch;

    SqlSession(Path warehouse) {
        this.warehouse = warehouse;
        this.batch = TestCluster.environment(warehouse, RuntimeExecutionMode.BATCH, 2, Map.of());
    }

    Path warehouse() {
        return warehouse;
    }

    StreamTableEnvironment batch() {
        return batch;
    }

    /** A streaming environment with the given options, such as a checkpoint interval. */
    StreamTableEnvironment stream(int parallelism, Map<String, String> options) {
        return TestCluster.environment(warehouse, RuntimeExecutionMode.STREAMING, parallelism, options);
    }

    /** Runs a batch statement to its end. */
    TableResult run(String sql) {
        return await(batch.executeSql(sql));
    }

    static TableResult await(TableResult result) {
        try {
            result.await();
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** All rows of a batch query as text, sorted. */
    List<String> query(String sql) {
        return rows(batch.executeSql(sql)).stream().map(Row::toString).sorted().toList();
    }

    @SuppressWarnings("try") // Flink declares close() with Exception
    static List<Row> rows(TableResult result) {
        List<Row> out = new ArrayList<>();
        try (CloseableIterator<Row> rows = result.collect()) {
            rows.forEachRemaining(out::add);
        } catch (Exception e) {
            throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
        }
        return out;
    }

    /** Messages of an error and all its causes. */
    static String messages(Throwable error) {
        StringBuilder out = new StringBuilder();
        for (Throwable t = error; t != null; t = t.getCause()) {
            out.append(t).append('\n');
        }
        return out.toString();
    }
}
