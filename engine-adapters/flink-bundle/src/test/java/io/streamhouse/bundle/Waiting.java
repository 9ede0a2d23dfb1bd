package io.streamhouse.bundle;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Asks other processes until they give the answer that is waited for. */
final class Waiting {
    private static final long POLL_NANOS = 50_000_000L;

    private Waiting() {}

    /** A question that may not have its answer yet. */
    interface Question {
        boolean isAnswered() throws IOException, InterruptedException;
    }

    /** @throws TimeoutException with what was waited for */
    static void until(String what, Duration limit, Question question)
            throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + limit.toNanos();
        while (!question.isAnswered()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("not within " + limit.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
