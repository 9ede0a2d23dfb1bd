package io.streamhouse.cli.demo;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** A finite query whose few rows are wanted here. */
final class BatchQuery {
    private BatchQuery() {}

    /** All rows of the answer. */
    static List<Row> rows(TableEnvironment environment, String sql) {
        CloseableIterator<Row> result = environment.executeSql(sql).collect();
        List<Row> rows = new ArrayList<>();
        try {
            result.forEachRemaining(rows::add);
        } finally {
            close(result);
        }
        return rows;
    }

    /** Ends a query; what goes wrong then concerns nobody who has its rows. */
    static void close(CloseableIterator<Row> result) {
        try {
            result.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            org.slf4j.LoggerFactory.getLogger(BatchQuery.class).warn("query did not close", e);
        }
    }
}
