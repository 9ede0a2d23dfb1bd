package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.FlinkCluster;
import io.streamhouse.spec.RowKind;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * One subscriber that prints what happens to a table while it happens: a Flink job of its own, as an application would
 * have it. Prints a few changes at a time, since thousands come in a second.
 */
final class LiveChangelog implements AutoCloseable {
    private static final long PAUSE_NANOS = 4_000_000_000L;
    private static final int LINES = 2;
    private static final long POLL_NANOS = 50_000_000;

    private final CloseableIterator<Row> changes;
    private final JobClient job;
    private final Thread thread;
    private final Narrator narrator;
    private final String table;
    private final ChangeCounts seen = new ChangeCounts();
    private volatile boolean closing;

    /**
     * Starts the job.
     *
     * @param environment a streaming session of its own
     * @param columns columns to show
     */
    LiveChangelog(TableEnvironment environment, String table, String relation, String columns, Narrator narrator) {
        this.narrator = narrator;
        this.table = table;
        TableResult result = environment.executeSql(
                "SELECT %s FROM %s /*+ OPTIONS('scan.mode' = 'earliest') */".formatted(columns, relation));
        job = result.getJobClient().orElseThrow(() -> new IllegalStateException("subscriber was not submitted"));
        changes = result.collect();
        thread = new Thread(this::follow, "print-" + table);
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        long nextPrint = System.nanoTime();
        int printed = 0;
        Row before = null;
        try {
            while (changes.hasNext()) {
                Row change = changes.next();
                seen.add(RowKind.of(change.getKind().toByteValue()));
                long now = System.nanoTime();
                if (change.getKind() == org.apache.flink.types.RowKind.UPDATE_BEFORE) {
                    before = change;
                } else if (change.getKind() == org.apache.flink.types.RowKind.UPDATE_AFTER
                        && before != null
                        && now >= nextPrint) {
                    narrator.add("change of %s: %s  →  %s".formatted(table, before, change));
                    printed++;
                    if (printed == LINES) {
                        nextPrint = now + PAUSE_NANOS;
                        printed = 0;
                    }
                }
            }
        } catch (RuntimeException e) {
            if (!closing) { // a cancelled job ends its iterator with an error
                narrator.say("the subscriber of %s ended: %s", table, e.getMessage());
            }
        }
    }

    /** Changes received so far. */
    ChangeCounts seen() {
        return seen;
    }

    /** Waits until the subscriber has received this many changes; false if they do not come. */
    boolean awaitChanges(long count, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (seen.total() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return seen.total() >= count;
    }

    /** The job's cluster will be lost. */
    void expectEnd() {
        closing = true;
    }

    /** Ends the job. */
    void stop(FlinkCluster flink) {
        closing = true;
        flink.cancel(job.getJobID());
    }

    @Override
    public void close() {
        closing = true;
        BatchQuery.close(changes);
    }
}
