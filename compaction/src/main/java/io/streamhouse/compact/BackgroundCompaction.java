package io.streamhouse.compact;

import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Compaction inside a job: plans and rewrites on the given executor, one task at a time, and publishes between two
 * commits of the job, so that the two never race. Whatever goes wrong is told to the listener and tried again some commits
 * later; nothing is ever thrown into the job. Thread-safe.
 */
public final class BackgroundCompaction implements AutoCloseable {
    private static final int MAX_BACK_OFF_COMMITS = 64;

    /** How often a wait for the commit lock looks whether it was cancelled. */
    private static final long LOCK_WAIT_MILLIS = 20;

    private final TableCompactor compactor;
    private final Executor executor;
    private final Lock commitLock;
    private final CompactionListener listener;
    private State state = State.IDLE;
    private int commitsToSkip;
    private int failures;
    private volatile boolean closed;
    private volatile CompactionReport report = CompactionReport.NONE;
    private volatile CompactionDebt debt = CompactionDebt.NONE;

    /** Rewritten, but not published yet; belongs to the thread that is at work. */
    private CompactionResult waiting;

    private enum State {
        IDLE,
        QUEUED,
        WORKING
    }

    /**
     * @param compactor of the table; belongs to this object from now on
     * @param executor runs tasks; {@code Runnable::run} is legal and compacts within {@link #afterCommit}
     * @param commitLock held by the job's committer while it commits, by this class while it publishes
     * @param listener told what happens
     */
    public BackgroundCompaction(
            TableCompactor compactor, Executor executor, Lock commitLock, CompactionListener listener) {
        this.compactor = compactor;
        this.executor = executor;
        this.commitLock = commitLock;
        this.listener = listener;
    }

    /** The job has published or seen this snapshot: looks for work beside the caller's thread, unless some is under way. */
    public void afterCommit(Snapshot head) {
        boolean movesNoFiles = head.kind() == SnapshotKind.FENCE || head.kind() == SnapshotKind.SCHEMA;
        synchronized (this) {
            if (closed || movesNoFiles || state != State.IDLE || commitsToSkip-- > 0) {
                return;
            }
            commitsToSkip = 0;
            state = State.QUEUED;
        }
        try {
            executor.execute(this::work);
        } catch (RuntimeException | OutOfMemoryError e) {
            ended(Optional.of(told(e))); // the executor takes no more
        }
    }

    /** What was done so far. */
    public CompactionReport report() {
        return report;
    }

    /** What was to be done when it was looked at last. */
    public CompactionDebt debt() {
        return debt;
    }

    /** Tasks that failed in a row. */
    public synchronized int failures() {
        return failures;
    }

    private void work() {
        synchronized (this) {
            if (closed) {
                state = State.IDLE;
                return;
            }
            state = State.WORKING;
        }
        Optional<Exception> failure = Optional.empty();
        try {
            while (!closed && task()) {
                // as long as something is worth doing
            }
        } catch (CancelledException e) {
            // closed; nothing is left of the task
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            failure = Optional.of(told(e));
        } finally {
            ended(failure);
        }
    }

    /** A jar that is missing, or a heap too small for a merge, is no reason to stop the job. */
    private static Exception told(Throwable failure) {
        return failure instanceof Exception e ? e : new IOException("a compaction ended with " + failure, failure);
    }

    private void ended(Optional<Exception> failure) {
        int wait;
        synchronized (this) {
            failures = failure.isPresent() ? failures + 1 : 0;
            wait = failure.isPresent() ? Math.min(MAX_BACK_OFF_COMMITS, 1 << Math.min(failures, 30)) : 0;
            commitsToSkip = wait;
        }
        try {
            failure.ifPresent(e -> listener.failed(e, wait));
        } finally {
            synchronized (this) {
                state = State.IDLE;
                notifyAll();
            }
        }
    }

    /** One task; false if nothing more is to be done now. */
    private boolean task() throws IOException {
        if (waiting == null) {
            Optional<Compaction> plan = compactor.plan();
            debt = compactor.debt();
            listener.debt(debt);
            if (plan.isEmpty()) {
                return false;
            }
            waiting = compactor.rewrite(plan.get(), () -> closed);
        }
        Optional<CompactionOutcome> outcome = publish();
        if (outcome.isEmpty()) {
            return false;
        }
        report = report.plus(waiting, outcome.get());
        boolean lost = outcome.get() instanceof CompactionOutcome.Lost;
        if (!lost) {
            waiting = null;
        }
        listener.ended(outcome.get());
        return !lost;
    }

    /** Publishes between two commits; empty if closed meanwhile. */
    private Optional<CompactionOutcome> publish() throws IOException {
        try {
            while (!commitLock.tryLock(LOCK_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(compactor.publish(waiting));
        } finally {
            commitLock.unlock();
        }
    }

    /**
     * Asks for the end without waiting for it: nothing begins any more, a rewrite under way ends at its next batch, a
     * publication under way ends. {@link #close} still has to follow.
     */
    public void stop() {
        closed = true;
    }

    /**
     * Stops: a rewrite under way ends at its next batch, a publication under way ends. Returns when no thread is at work
     * any more, or at an interrupt, which stays set.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            try {
                while (state == State.WORKING) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (waiting != null) {
            compactor.discard(waiting);
            waiting = null;
        }
        compactor.close();
    }
}
