package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;

/** Somebody who lets old snapshots go; one run a move, so that anything happens between a boundary and its deletes. */
final class Expirer {
    private final History history;
    private final String name;
    private World.Process process;

    Expirer(History history, String name) {
        this.history = history;
        this.name = name;
    }

    /** Runs once; whether there was nothing to do. */
    boolean move() {
        try {
            // whatever stands is judged before it may go
            history.judge().look();
            if (process == null || process.connection().isCrashed()) {
                process = history.world().start();
            }
            ExpiryReport report = process.table().expiry().run();
            history.trace()
                    .note(
                            "%s: boundary %d, %d records, %d objects, %d strays, %d leases gone",
                            name,
                            report.boundary(),
                            report.snapshots(),
                            report.objects(),
                            report.strays(),
                            report.leases());
            history.tally().add(HistoryEvent.EXPIRED_SNAPSHOTS, report.expired());
            history.tally().add(HistoryEvent.DELETED_RECORDS, report.snapshots());
            history.tally().add(HistoryEvent.DELETED_OBJECTS, report.objects());
            history.tally().add(HistoryEvent.STRAY_RECORDS, report.strays());
            history.judge().files().requireAll();
            return report.isIdle();
        } catch (StreamhouseException | IOException e) {
            history.trace().note("%s fails: %s", name, history.failure(e).getMessage());
            return false;
        }
    }
}
