package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.testkit.simulation.Journal;
import java.io.IOException;
import java.time.Duration;

/** Lets snapshots expire, beside the jobs. Its journal: {@code boundary expired snapshots objects}, one line a run. */
final class SoakExpirer {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private SoakExpirer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Part part = Part.of(arguments);
        part.gaugeHeap();
        SnapshotExpiry expiry = SoakTable.open(part.warehouse()).expiry();
        try (Journal journal = Journal.append(part.file(".journal"))) {
            while (part.goesOn()) {
                ExpiryReport report = expiry.run();
                journal.say("%d %d %d %d", report.boundary(), report.expired(), report.snapshots(), report.objects());
                Part.rest(LOOK);
            }
        }
    }
}
