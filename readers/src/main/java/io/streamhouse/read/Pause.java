package io.streamhouse.read;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How a reader waits before it looks for new commits again; a test or a simulation moves its clock instead. */
@FunctionalInterface
public interface Pause {
    /** Waits about this long, or less. */
    void pause(Duration time);

    /** Really waits; an interrupt ends the wait and stays set. */
    static Pause real() {
        return Pause::awaitNothing;
    }

    private static void awaitNothing(Duration time) {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        try {
            long rest = time.toNanos();
            while (rest > 0) {
                rest = never.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
