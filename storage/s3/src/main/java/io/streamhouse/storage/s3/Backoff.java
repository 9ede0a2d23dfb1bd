package io.streamhouse.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Pauses between tries: each at random below a limit that doubles, so that clients that failed together part. */
final class Backoff {
    private static final long FIRST_LIMIT_MILLIS = 50;
    private static final long LAST_LIMIT_MILLIS = 5_000;

    /** Lets time pass. */
    interface Pause {
        void millis(long millis) throws IOException;
    }

    private final RandomGenerator random;
    private final Pause pause;

    Backoff(RandomGenerator random, Pause pause) {
        this.random = random;
        this.pause = pause;
    }

    /** Pauses after a try that failed; tries count from 0. */
    void after(int tries) throws IOException {
        long limit = Math.min(LAST_LIMIT_MILLIS, FIRST_LIMIT_MILLIS << Math.min(tries, 20));
        long millis;
        synchronized (random) {
            millis = random.nextLong(limit) + 1;
        }
        pause.millis(millis);
    }

    /** Real time. */
    static void await(long millis) throws InterruptedIOException {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between two tries");
        }
    }
}
