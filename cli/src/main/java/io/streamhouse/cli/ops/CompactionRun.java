package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionDebt;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionReport;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Compacts what a table holds at the start until nothing of it is worth doing, or others are faster again and again. It
 * ends beside writers that never do: what is made of nothing but their newer files is not its task.
 */
public final class CompactionRun {
    /** Tasks that may be lost to others before the rest is left to them. */
    private static final int MAX_LOST_TASKS = 3;

    private final Table table;
    private final Progress progress;
    private final PrintWriter out;
    private final TableCompactor.Rules rules;

    /** Results go to {@code out}. */
    public CompactionRun(Table table, Progress progress, PrintWriter out) {
        this(table, progress, out, TableCompactor.Rules.ALL);
    }

    /** With a part of the rule switched off, for tests that show what it is worth. */
    CompactionRun(Table table, Progress progress, PrintWriter out, TableCompactor.Rules rules) {
        this.rules = rules;
        this.table = table;
        this.progress = progress;
        this.out = out;
    }

    /** Compacts and prints what was done. */
    public void run(boolean json) throws IOException {
        TreeFigures before = figures();
        Optional<Snapshot> start = table.snapshots().latest();
        Set<UUID> ours =
                start.isEmpty() ? Set.of() : new HashSet<>(table.snapshots().files(start.get()));
        CompactionReport report = CompactionReport.NONE;
        CompactionDebt rest;
        try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()), rules)) {
            Optional<Compaction> next = compactor.plan();
            while (next.isPresent()
                    && next.get().inputs().stream().anyMatch(input -> ours.contains(input.id()))
                    && report.lost() + report.gaveUp() < MAX_LOST_TASKS) {
                say(next.get(), compactor.debt());
                report = compactOne(compactor, next.get(), report, ours);
                next = compactor.plan();
            }
            rest = next.isPresent() ? compactor.debt() : CompactionDebt.NONE;
        } finally {
            progress.clear();
        }
        TreeFigures after = figures();
        if (json) {
            new JsonLines(out).print(json(report, rest, before, after));
        } else {
            print(report, rest, before, after);
        }
        out.flush();
    }

    private CompactionReport compactOne(
            TableCompactor compactor, Compaction task, CompactionReport report, Set<UUID> ours) throws IOException {
        CompactionResult result;
        try {
            result = compactor.rewrite(task);
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE && hasLeft(task)) {
                return new CompactionReport(
                        report.published(),
                        report.lost(),
                        report.gaveUp() + 1,
                        report.bytesRead(),
                        report.bytesWritten(),
                        report.translatedPositions());
            }
            throw e;
        }
        CompactionOutcome outcome = compactor.publish(result);
        if (outcome instanceof CompactionOutcome.Published) {
            result.outputs().forEach(file -> ours.add(file.object().id()));
        } else if (outcome instanceof CompactionOutcome.Lost) {
            compactor.discard(result);
        }
        return report.plus(result, outcome);
    }

    /** Whether an input is no file of the newest snapshot any more: then another compactor was faster. */
    private boolean hasLeft(Compaction task) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        var files = table.snapshots().files(head);
        return !task.inputs().stream().allMatch(input -> files.contains(input.id()));
    }

    private void say(Compaction task, CompactionDebt debt) {
        progress.say("compacting %s of %s (%s, %s); to do: %s, %s"
                .formatted(
                        Cells.count(task.inputs().size(), "file"),
                        table.name(),
                        Cells.bytes(task.sizeBytes()),
                        task.reason(),
                        Cells.count(debt.files(), "file"),
                        Cells.bytes(debt.sizeBytes())));
    }

    private TreeFigures figures() throws IOException {
        Optional<Snapshot> head = table.snapshots().latest();
        return head.isEmpty() ? TreeFigures.NONE : TreeFigures.of(TreeFigures.files(table, head.get()));
    }

    private void print(CompactionReport report, CompactionDebt rest, TreeFigures before, TreeFigures after) {
        out.println("before: " + before.text());
        out.println("after:  " + after.text());
        if (report.equals(CompactionReport.NONE)) {
            out.println("nothing is worth compacting");
            return;
        }
        out.println("%s published: %s read, %s written, %s masked by others meanwhile and taken along"
                .formatted(
                        Cells.count(report.published(), "compaction"),
                        Cells.bytes(report.bytesRead()),
                        Cells.bytes(report.bytesWritten()),
                        Cells.count(report.translatedPositions(), "row")));
        if (report.lost() + report.gaveUp() > 0) {
            out.println("%d lost to other commits, %d given up because another compaction took their files"
                    .formatted(report.lost(), report.gaveUp()));
        }
        if (report.published() > 0) {
            out.println("row count and digest over all columns were compared before each was published: equal");
        }
        if (rest.files() > 0) {
            out.println("left to the others at work here: %s, %s"
                    .formatted(Cells.count(rest.files(), "file"), Cells.bytes(rest.sizeBytes())));
        }
    }

    private Map<String, Object> json(
            CompactionReport report, CompactionDebt rest, TreeFigures before, TreeFigures after) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table.name().toString());
        json.put("published", report.published());
        json.put("lost", report.lost());
        json.put("gave_up", report.gaveUp());
        json.put("bytes_read", report.bytesRead());
        json.put("bytes_written", report.bytesWritten());
        json.put("translated_positions", report.translatedPositions());
        json.put("before", before.json());
        json.put("after", after.json());
        json.put("left_files", rest.files());
        json.put("left_bytes", rest.sizeBytes());
        return json;
    }
}
