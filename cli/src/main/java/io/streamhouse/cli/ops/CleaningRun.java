package io.streamhouse.cli.ops;

import io.streamhouse.catalog.CleaningReport;
import io.streamhouse.catalog.OrphanCleaner;
import io.streamhouse.catalog.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cleans orphans of a table away, or says which ones would go. */
public final class CleaningRun {
    private final Table table;
    private final PrintWriter out;

    public CleaningRun(Table table, PrintWriter out) {
        this.table = table;
        this.out = out;
    }

    /** One run, or its plan. */
    public void run(Duration olderThan, boolean atAnyAge, boolean dryRun, boolean json) throws IOException {
        OrphanCleaner cleaner = OrphanCleaner.of(table);
        CleaningReport report = atAnyAge ? cleaner.runAtAnyAge(olderThan, dryRun) : cleaner.run(olderThan, dryRun);
        if (json) {
            new JsonLines(out).print(json(report, dryRun));
        } else {
            print(report, dryRun);
        }
        out.flush();
    }

    private void print(CleaningReport report, boolean dryRun) {
        if (!report.groups().isEmpty()) {
            TextTable rows = new TextTable("kind", "objects#", "bytes#", "first of them");
            for (CleaningReport.Group group : report.groups()) {
                rows.add(
                        kind(group),
                        group.objects(),
                        Cells.bytes(group.bytes()),
                        String.join(", ", group.first())
                                + (group.objects() > group.first().size() ? ", …" : ""));
            }
            rows.print(out);
        }
        String orphans = Cells.count(report.objects(), "orphan");
        out.println(
                report.objects() == 0
                        ? "no orphan " + (dryRun ? "would be" : "was") + " deleted"
                        : "%s%s deleted, %s"
                                .formatted(orphans, dryRun ? " would be" : "", Cells.bytes(report.bytes())));
        if (report.young() > 0) {
            out.println("kept: %s changed after %s (an age counts up to the newest commit)"
                    .formatted(Cells.count(report.young(), "orphan"), Cells.time(report.beforeMillis())));
        }
    }

    private static String kind(CleaningReport.Group group) {
        return group.kind().name().toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> json(CleaningReport report, boolean dryRun) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table.name().toString());
        json.put("dry_run", dryRun);
        json.put("objects", report.objects());
        json.put("bytes", report.bytes());
        json.put("kept_young", report.young());
        List<Map<String, Object>> groups = new ArrayList<>();
        for (CleaningReport.Group group : report.groups()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("kind", kind(group));
            each.put("objects", group.objects());
            each.put("bytes", group.bytes());
            each.put("first", group.first());
            groups.add(each);
        }
        json.put("kinds", groups);
        return json;
    }
}
