package io.streamhouse.read;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How a reader waits before it looks for new commits again; a test or a simulation moves its clock instead. */
@FunctionalInterface
public interface Pause {
    /** Waits about this long, or less. */
    void pause(Duration time);

    /** Parks the thread; an interrupt ends the wait and stays set. */
    Pause PARK = time -> LockSupport.parkNanos(time.toNanos());
}
