package io.streamhouse.flink.sink;

import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.BackgroundCompaction;
import io.streamhouse.compact.CompactionDebt;
import io.streamhouse.compact.CompactionListener;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compaction and expiry beside the commits of a streaming job, on one thread of its own with a table of its own. The
 * commits share one lock with the publication of a compaction, and nothing else: they never wait for a rewrite. Nothing
 * that goes wrong here reaches the job; it is counted, logged and tried again. Thread-safe.
 */
final class TableMaintenance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableMaintenance.class);

    /** A job without commits looks this often whether something that has expired may be deleted. */
    private static final Duration IDLE_LOOK = SnapshotExpiry.GRACE;

    /** How long the end of a job waits for work under way, before and after it interrupts it. */
    private static final Duration END_WAIT = Duration.ofSeconds(2);

    private final TableAddress address;
    private final Lock commitLock;
    private final MaintenanceCounts counts;

    /** These change under this object's lock. */
    private Thread thread;

    private Optional<Snapshot> head = Optional.empty();
    private BackgroundCompaction compaction;
    private boolean closed;

    TableMaintenance(TableAddress address, Lock commitLock, MaintenanceCounts counts) {
        this.address = address;
        this.commitLock = commitLock;
        this.counts = counts;
    }

    /** The job has published or seen this snapshot. Returns at once. */
    synchronized void afterCommit(Snapshot snapshot) {
        if (closed) {
            return;
        }
        head = Optional.of(snapshot);
        if (thread == null) {
            thread = new Thread(this::run, "streamhouse-maintenance-" + address);
            thread.setDaemon(true);
            thread.setContextClassLoader(TableMaintenance.class.getClassLoader());
            thread.start();
        }
        notifyAll();
    }

    /** Waits for a commit, or until an idle job has to look; false at the end. */
    private synchronized boolean awaitRound() throws InterruptedException {
        long end = System.nanoTime() + IDLE_LOOK.toNanos();
        while (!closed && head.isEmpty()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return true;
            }
            wait(millis);
        }
        return !closed;
    }

    private synchronized Optional<Snapshot> takeHead() {
        Optional<Snapshot> taken = head;
        head = Optional.empty();
        return taken;
    }

    private void run() {
        try (Rounds rounds = new Rounds()) {
            while (awaitRound()) {
                rounds.next(takeHead());
            }
        } catch (InterruptedException e) {
            LOG.debug("maintenance of {} was interrupted at the end of its job", address);
        } catch (IOException e) {
            LOG.info("closing the table {} after its maintenance failed", address, e);
        } catch (RuntimeException | Error e) {
            // an error of the machine, such as no memory, is not met again and again in a job that does well without
            counts.failed();
            LOG.error("maintenance of {} ends until the job is started again", address, e);
        }
    }

    /** What the thread works with; its alone. */
    private final class Rounds implements AutoCloseable, CompactionListener {
        private OpenTable open;
        private BackgroundCompaction own;
        private SnapshotExpiry expiry;

        void next(Optional<Snapshot> commit) {
            try {
                openOnce();
            } catch (IOException | RuntimeException e) {
                counts.failed();
                LOG.warn("the maintenance of {} cannot open the table; the next commit tries again", address, e);
                return;
            }
            commit.ifPresent(own::afterCommit);
            expire();
        }

        private void openOnce() throws IOException {
            if (open != null) {
                return;
            }
            open = SinkProbe.active().openForMaintenance(address);
            Table table = open.table();
            expiry = table.expiry();
            own = new BackgroundCompaction(
                    TableCompactor.open(table, CompactionSettings.of(table.schema())), Runnable::run, commitLock, this);
            synchronized (TableMaintenance.this) {
                compaction = own;
                if (closed) {
                    own.stop();
                }
            }
        }

        private void expire() {
            try {
                counts.expired(expiry.runIfDue());
            } catch (IOException | StreamhouseException e) {
                counts.expiryFailed();
                LOG.warn("the expiry of snapshots of {} failed; it is tried again", address, e);
            }
        }

        @Override
        public void ended(CompactionOutcome outcome) {
            counts.ended(outcome);
            if (!(outcome instanceof CompactionOutcome.Published)) {
                LOG.info("a compaction of {} was not published: {}", address, outcome);
            }
            // a large table is compacted for hours, task after task
            expire();
        }

        @Override
        public void failed(Exception failure, int commitsUntilNextTry) {
            counts.failed();
            LOG.warn("a compaction of {} failed; next try after {} commits", address, commitsUntilNextTry, failure);
        }

        @Override
        public void debt(CompactionDebt debt) {
            counts.debt(debt);
        }

        @Override
        public void close() throws IOException {
            // what an interrupted rewrite has left is to be deleted
            Thread.interrupted();
            try {
                if (own != null) {
                    own.close();
                }
            } finally {
                if (open != null) {
                    open.close();
                }
            }
        }
    }

    /** Ends the thread: work under way stops soon, or is interrupted. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
            if (compaction != null) {
                compaction.stop();
            }
            notifyAll();
        }
        if (ending == null) {
            return;
        }
        try {
            ending.join(END_WAIT.toMillis());
            if (ending.isAlive()) {
                ending.interrupt();
                ending.join(END_WAIT.toMillis());
            }
        } catch (InterruptedException e) {
            ending.interrupt();
            Thread.currentThread().interrupt();
        }
        if (ending.isAlive()) {
            LOG.warn("the maintenance of {} waits for its store and ends when that answers", address);
        }
    }
}
