package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.cli.sql.PlainText;
import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.FindingKind;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyReport;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Proves a table and says what was looked at, or what is wrong. */
public final class Verification {
    private static final Duration SAID_EVERY = Duration.ofSeconds(1);

    private final Warehouse warehouse;
    private final String name;
    private final PrintWriter out;
    private final Progress progress;

    /** @param name of a table, as {@link Warehouse#table} takes it */
    public Verification(Warehouse warehouse, String name, PrintWriter out, Progress progress) {
        this.warehouse = warehouse;
        this.name = name;
        this.out = out;
        this.progress = progress;
    }

    /** True if the table is sound. */
    public boolean run(VerifyScope scope, boolean json) throws IOException {
        VerifyReport report = report(scope);
        progress.clear();
        if (json) {
            JsonLines lines = new JsonLines(out);
            report.findings().forEach(f -> lines.print(json(f)));
            lines.print(json(report, scope));
        } else {
            report.findings().forEach(this::print);
            out.println(sum(report, scope));
        }
        out.flush();
        return report.isSound();
    }

    private VerifyReport report(VerifyScope scope) throws IOException {
        Table table;
        try {
            table = warehouse.table(name);
        } catch (StreamhouseException e) {
            return TableVerifier.ofUnopened(e);
        }
        return new TableVerifier(table, new Now(table.components().clock())).verify(scope);
    }

    /** One line a second at most. */
    private final class Now implements Consumer<String> {
        private final InstantSource clock;
        private long saidMillis;

        Now(InstantSource clock) {
            this.clock = clock;
            this.saidMillis = clock.millis();
        }

        @Override
        public void accept(String text) {
            long now = clock.millis();
            if (now - saidMillis >= SAID_EVERY.toMillis() || now < saidMillis) {
                saidMillis = now;
                progress.say("verifying " + text);
            }
        }
    }

    private void print(Finding finding) {
        out.println(PlainText.of("%s %s, since snapshot %d"
                .formatted(kind(finding).replace('_', ' '), finding.object(), finding.snapshot())));
        String found = finding.kind() == FindingKind.NEWER ? "found" : "wrong";
        out.println(PlainText.of("  %s: %s".formatted(found, finding.problem())));
        out.println(PlainText.of("  to do: " + finding.advice()));
    }

    private static String kind(Finding finding) {
        return finding.kind().name().toLowerCase(Locale.ROOT);
    }

    private String sum(VerifyReport report, VerifyScope scope) {
        if (report.isSound() && report.last() == 0) {
            return tableName() + " has no snapshot yet";
        }
        if (report.last() == 0) {
            return "%s %s: %s; nothing else was looked at"
                    .formatted(
                            tableName(),
                            verdict(report),
                            Cells.count(report.findings().size(), "finding"));
        }
        String seen = "snapshots %d to %d, %s of %s"
                .formatted(
                        report.first(),
                        report.last(),
                        Cells.count(report.files(), "data file"),
                        Cells.bytes(report.bytes()));
        if (!report.isSound()) {
            return "%s %s: %s; looked at %s%s"
                    .formatted(
                            tableName(),
                            verdict(report),
                            Cells.count(report.findings().size(), "finding"),
                            seen,
                            report.dataCompared() ? "" : "; rows were not compared, verify again when that is mended");
        }
        return "%s is sound: %s%s; %s counted, %s of the changelog folded"
                .formatted(
                        tableName(),
                        seen,
                        scope.deep() ? ", all columns" : "",
                        Cells.count(report.rows(), "row"),
                        Cells.count(report.changes(), "change"));
    }

    /** Of a report that is not sound. */
    private static String verdict(VerifyReport report) {
        boolean newer = report.findings().stream().allMatch(f -> f.kind() == FindingKind.NEWER);
        return newer ? "is NEWER than this program" : "is WRONG";
    }

    private TableName tableName() {
        return Warehouse.nameOf(name);
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind(finding));
        json.put("object", finding.object());
        json.put("snapshot", finding.snapshot());
        json.put("problem", finding.problem());
        json.put("advice", finding.advice());
        return json;
    }

    private Map<String, Object> json(VerifyReport report, VerifyScope scope) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", tableName().toString());
        json.put("sound", report.isSound());
        json.put("findings", report.findings().size());
        json.put("first_snapshot", report.first());
        json.put("last_snapshot", report.last());
        json.put("deep", scope.deep());
        json.put("data_files", report.files());
        json.put("bytes", report.bytes());
        json.put("data_compared", report.dataCompared());
        json.put("rows", report.rows());
        json.put("changes", report.changes());
        return json;
    }
}
