package io.streamhouse.cli.ops;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lets old snapshots of a table go, or says which ones would go. */
public final class ExpiryRun {
    private final Table table;
    private final PrintWriter out;

    public ExpiryRun(Table table, PrintWriter out) {
        this.table = table;
        this.out = out;
    }

    /** One run, or its plan, and what of it is pending. */
    public void run(boolean dryRun, boolean json) throws IOException {
        SnapshotExpiry expiry = table.expiry();
        Optional<Snapshot> head = table.snapshots().latest();
        if (head.isEmpty() && !json) {
            out.println("%s has no snapshot yet".formatted(table.name()));
            out.flush();
            return;
        }
        long planned = dryRun ? expiry.plan() : 0;
        ExpiryReport report = dryRun ? ExpiryReport.NOTHING : expiry.run();
        Boundary boundary = expiry.boundary();
        long newest = table.snapshots().latest().map(Snapshot::id).orElse(0L);
        Duration pending = pending(boundary);
        if (json) {
            new JsonLines(out).print(json(dryRun, planned, report, boundary, newest, pending));
        } else {
            if (dryRun) {
                printPlan(planned, boundary);
            } else {
                printReport(report, boundary);
            }
            printPending(boundary, pending, dryRun);
            out.println("readable: snapshots %d to %d; kept are %s"
                    .formatted(boundary.expiredThrough() + 1, newest, retention()));
        }
        out.flush();
    }

    private void printPlan(long planned, Boundary boundary) {
        long from = boundary.expiredThrough() + 1;
        out.println(
                planned < from
                        ? "no snapshot would expire"
                        : "%s would expire: %d to %d"
                                .formatted(Cells.count(planned - from + 1, "snapshot"), from, planned));
    }

    private void printReport(ExpiryReport report, Boundary boundary) {
        if (report.snapshots() + report.objects() + report.strays() > 0) {
            out.println("deleted: %s that had expired before, %s that only they named"
                    .formatted(
                            Cells.count(report.snapshots() + report.strays(), "snapshot"),
                            Cells.count(report.objects(), "object")));
        }
        if (report.leases() > 0) {
            out.println("cleaned away: " + Cells.count(report.leases(), "ended lease"));
        }
        out.println(
                report.expired() == 0
                        ? "no snapshot expired"
                        : "%s expired: up to %d"
                                .formatted(Cells.count(report.expired(), "snapshot"), boundary.expiredThrough()));
    }

    private void printPending(Boundary boundary, Duration pending, boolean dryRun) {
        long through = boundary.expiredThrough();
        if (!pending.isZero()) {
            out.println("pending: what only snapshots up to %d name is deleted by a run after %s (in %s)"
                    .formatted(
                            through,
                            Cells.time(boundary.timeMillis() + SnapshotExpiry.GRACE.toMillis()),
                            Cells.seconds(pending)));
        } else if (dryRun && through > 0) {
            out.println("a run deletes what is left of snapshots up to " + through);
        }
    }

    /** What is left of the time that a boundary has to stand before anything is deleted. */
    private Duration pending(Boundary boundary) {
        if (boundary.expiredThrough() == 0) {
            return Duration.ZERO;
        }
        long age = table.components().clock().millis() - boundary.timeMillis();
        // a boundary from the future is published anew, and then waits as long as any
        long rest = SnapshotExpiry.GRACE.toMillis() - Math.max(0, age);
        return rest < 0 ? Duration.ZERO : Duration.ofMillis(rest + 1);
    }

    private String retention() {
        SnapshotRetention retention = SnapshotRetention.parse(table.schema().options());
        return "the newest %d, those of the last %s%s, and what readers hold"
                .formatted(
                        retention.min(),
                        Cells.seconds(retention.time()),
                        retention.max() == Long.MAX_VALUE ? "" : ", at most " + retention.max());
    }

    private Map<String, Object> json(
            boolean dryRun, long planned, ExpiryReport report, Boundary boundary, long newest, Duration pending) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table.name().toString());
        json.put("dry_run", dryRun);
        if (dryRun) {
            json.put("would_expire_through", Math.max(planned, boundary.expiredThrough()));
        } else {
            json.put("expired", report.expired());
            json.put("deleted_snapshots", report.snapshots());
            json.put("deleted_objects", report.objects());
            json.put("deleted_strays", report.strays());
            json.put("cleaned_leases", report.leases());
        }
        json.put("expired_through", boundary.expiredThrough());
        json.put("newest_snapshot", newest);
        json.put("pending_millis", pending.toMillis());
        return json;
    }
}
