package io.streamhouse.flink.sink;

import io.streamhouse.catalog.BackgroundMerges;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges manifests and mask segments beside the commits of a job, on a thread of its own: a rewrite of data may take that
 * of the compaction for hours. What fails is counted and tried again after a later commit.
 */
final class CommitMerges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitMerges.class);

    /** How long the end of a job waits for a merge under way, and how long an idle thread is kept. */
    private static final Duration END_WAIT = Duration.ofSeconds(2);

    private final String table;
    private final ExecutorService thread;
    private final BackgroundMerges merges;

    CommitMerges(Table table, Counter failures) {
        this.table = table.name().toString();
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, END_WAIT.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), this::thread);
        one.allowCoreThreadTimeOut(true);
        this.thread = one;
        this.merges = new BackgroundMerges(table.snapshots().merges(), thread, e -> {
            failures.inc();
            LOG.warn("a merge of metadata of {} failed; a later commit tries again", this.table, e);
        });
    }

    private Thread thread(Runnable work) {
        Thread made = new Thread(work, "streamhouse-merges-" + table);
        made.setDaemon(true);
        made.setContextClassLoader(CommitMerges.class.getClassLoader());
        return made;
    }

    /** The job has published this snapshot. Returns at once. */
    void afterCommit(Snapshot head) {
        merges.afterCommit(head);
    }

    /** Ends the thread; what no commit has taken in is deleted. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
                if (!thread.awaitTermination(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("a merge of metadata of {} waits for its store and ends when that answers", table);
                    return;
                }
            }
            merges.close();
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (IOException | StreamhouseException e) {
            LOG.info("merged metadata of {} that no commit has taken in is left behind", table, e);
        }
    }
}
