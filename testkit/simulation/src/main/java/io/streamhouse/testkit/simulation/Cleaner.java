package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.CleaningReport;
import io.streamhouse.catalog.OrphanCleaner;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;

/** Somebody who cleans orphans away while others are at work; most find something only when days have passed. */
final class Cleaner {
    private final History history;
    private World.Process process;

    Cleaner(History history) {
        this.history = history;
    }

    /** One run; what it has left must be all that snapshots name. */
    void move() throws IOException {
        try {
            // whatever stands is judged before something may go
            history.judge().look();
            if (process == null || process.connection().isCrashed()) {
                process = history.world().start();
            }
            CleaningReport report = OrphanCleaner.of(
                            process.table(), history.world().mutant().protections())
                    .run(OrphanCleaner.DEFAULT_AGE, false);
            history.trace().note("cleaner: %s objects gone, %s are young", report.objects(), report.young());
            history.tally().add(HistoryEvent.CLEANINGS);
            history.tally().add(HistoryEvent.ORPHANS, report.objects());
        } catch (StreamhouseException | IOException e) {
            String why = isLateLease(e) ? e.getMessage() : history.failure(e).getMessage();
            history.trace().note("cleaner fails: %s", why);
            history.tally().add(HistoryEvent.FAILED_CLEANINGS);
        }
        history.judge().files().requireAll();
    }

    /**
     * Who slept through the end of its lease may renew it after what it held has expired, and then die: nobody knows what
     * it has written since, so cleaning waits for the end of that lease.
     */
    private static boolean isLateLease(Exception e) {
        return e instanceof StreamhouseException refusal
                && refusal.code() == ErrorCode.COMMIT_REFUSED
                && refusal.getMessage().startsWith("COMMIT_REFUSED: lease-")
                && refusal.getMessage().contains("which has gone");
    }
}
