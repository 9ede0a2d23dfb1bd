package io.streamhouse.cli.ops;

import io.streamhouse.read.Pause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How one thread asks another, which follows a stream, to come to its end. Thread-safe. */
public final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Asks to stop; a wait in {@link #pause} ends at once. */
    public void ask() {
        asked.countDown();
    }

    /** Whether somebody has asked. */
    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Says that nothing more comes. */
    public void end() {
        ended.countDown();
    }

    /** Waits until nothing more comes, at most so long. */
    public void awaitEnd(Duration limit) throws InterruptedException {
        ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits that end when somebody asks. */
    public Pause pause() {
        return time -> {
            try {
                asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ask();
            }
        };
    }
}
