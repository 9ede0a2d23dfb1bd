package io.streamhouse.catalog;

import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * {@link MetadataMerges} beside the commits of a job: one task at a time on the given executor. What goes wrong is told and
 * tried again at a later commit; nothing is ever thrown into the job. Thread-safe.
 */
public final class BackgroundMerges implements AutoCloseable {
    private final MetadataMerges merges;
    private final Executor executor;
    private final Consumer<Exception> failures;
    private boolean working;
    private boolean closed;

    /**
     * @param merges of the chain that the job commits through
     * @param executor runs merges; {@code Runnable::run} is legal and merges within {@link #afterCommit}
     * @param failures told what went wrong, on the executor's thread; must not throw
     */
    public BackgroundMerges(MetadataMerges merges, Executor executor, Consumer<Exception> failures) {
        this.merges = merges;
        this.executor = executor;
        this.failures = failures;
    }

    /** The job has published this snapshot: merges what is worth it, unless a merge is under way. */
    public void afterCommit(Snapshot head) {
        synchronized (this) {
            if (closed || working || !merges.isDue(head)) {
                return;
            }
            working = true;
        }
        try {
            executor.execute(() -> work(head));
        } catch (RuntimeException e) {
            ended();
            failures.accept(e); // the executor takes no more
        }
    }

    private void work(Snapshot head) {
        try {
            merges.run(head);
        } catch (IOException | RuntimeException e) {
            failures.accept(e);
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        working = false;
        notifyAll();
    }

    /** Waits for a merge under way, or for an interrupt, which stays set, and takes back what no commit has taken in. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            try {
                while (working) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        merges.withdraw();
    }
}
