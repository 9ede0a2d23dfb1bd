package io.streamhouse.cli.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows one table on a thread of its own and gives every change to a consumer, until it is closed.
 *
 * <p>A feed that fails ends the thread; {@link #failure()} says why.
 */
final class FeedThread implements AutoCloseable {
    private static final Duration WAIT = Duration.ofMillis(20);
    private static final long JOIN_MILLIS = 10_000;

    private final ReplicaFeed feed;
    private final ReplicaFeed.ChangeConsumer consumer;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long idlePolls;
    private volatile long equalUpdates;
    private volatile Throwable failure;

    FeedThread(String table, ReplicaFeed feed, ReplicaFeed.ChangeConsumer consumer) {
        this.feed = feed;
        this.consumer = consumer;
        this.thread = new Thread(this::follow, "follow-" + table);
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        try {
            while (!stopped) {
                if (!feed.poll(WAIT, consumer)) {
                    equalUpdates = feed.equalUpdates();
                    idlePolls++;
                }
            }
        } catch (Throwable e) { // the demo reports it as a failed check
            failure = e;
        }
    }

    /** Why it ended by itself, or null. */
    Throwable failure() {
        return failure;
    }

    /** Updates that the feed left out because they changed no column, as of the last time it had nothing to give. */
    long equalUpdates() {
        return equalUpdates;
    }

    /**
     * Waits until the feed has nothing more to give: two empty polls that began after this call.
     *
     * @return false if that did not happen in time
     */
    boolean awaitIdle(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        long wanted = idlePolls + 2;
        while (idlePolls < wanted && failure == null) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(WAIT.toNanos());
        }
        return failure == null;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            feed.close();
        }
    }
}
