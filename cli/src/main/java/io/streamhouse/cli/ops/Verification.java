package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.cli.sql.PlainText;
import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyReport;
import io.streamhouse.read.verify.VerifyScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Proves a table and says what was looked at, or what is wrong. */
public final class Verification {
    private static final Duration SAID_EVERY = Duration.ofSeconds(1);

    private final Table table;
    private final PrintWriter out;
    private final Progress progress;

    public Verification(Table table, PrintWriter out, Progress progress) {
        this.table = table;
        this.out = out;
        this.progress = progress;
    }

    /** True if the table is sound. */
    public boolean run(VerifyScope scope, boolean json) throws IOException {
        VerifyReport report = new TableVerifier(table, new Now()).verify(scope);
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

    /** One line a second at most. */
    private final class Now implements Consumer<String> {
        private long saidMillis = table.components().clock().millis();

        @Override
        public void accept(String text) {
            long now = table.components().clock().millis();
            if (now - saidMillis >= SAID_EVERY.toMillis() || now < saidMillis) {
                saidMillis = now;
                progress.say("verifying " + text);
            }
        }
    }

    private void print(Finding finding) {
        out.println(PlainText.of("%s %s, since snapshot %d"
                .formatted(kind(finding).replace('_', ' '), finding.object(), finding.snapshot())));
        out.println(PlainText.of("  wrong: " + finding.problem()));
        out.println(PlainText.of("  to do: " + finding.advice()));
    }

    private static String kind(Finding finding) {
        return finding.kind().name().toLowerCase(Locale.ROOT);
    }

    private String sum(VerifyReport report, VerifyScope scope) {
        if (report.isSound() && report.last() == 0) {
            return table.name() + " has no snapshot yet";
        }
        String seen = "snapshots %d to %d, %s of %s"
                .formatted(
                        report.first(),
                        report.last(),
                        Cells.count(report.files(), "data file"),
                        Cells.bytes(report.bytes()));
        if (!report.isSound()) {
            return "%s is WRONG: %s; looked at %s%s"
                    .formatted(
                            table.name(),
                            Cells.count(report.findings().size(), "finding"),
                            seen,
                            report.dataCompared() ? "" : "; rows were not compared, verify again when that is mended");
        }
        return "%s is sound: %s%s; %s counted, %s of the changelog folded"
                .formatted(
                        table.name(),
                        seen,
                        scope.deep() ? ", all columns" : "",
                        Cells.count(report.rows(), "row"),
                        Cells.count(report.changes(), "change"));
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
        json.put("table", table.name().toString());
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
