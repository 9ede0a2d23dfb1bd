package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.cli.ops.TreeFigures.LiveFile;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The data files of one snapshot. */
public final class FileList {
    private final Table table;
    private final PrintWriter out;

    public FileList(Table table, PrintWriter out) {
        this.table = table;
        this.out = out;
    }

    /** Prints the files of a snapshot, or of the newest, and their sums. */
    public void print(OptionalLong snapshotId, boolean json) throws IOException {
        Optional<Snapshot> snapshot = snapshotId.isPresent()
                ? Optional.of(table.snapshots().snapshot(snapshotId.getAsLong()))
                : table.snapshots().latest();
        List<LiveFile> files = snapshot.isEmpty() ? List.of() : TreeFigures.files(table, snapshot.get());
        if (json) {
            JsonLines lines = new JsonLines(out);
            files.forEach(file -> lines.print(json(file)));
        } else if (snapshot.isEmpty()) {
            out.println("%s has no snapshot yet".formatted(table.name()));
        } else {
            printText(snapshot.get().id(), files);
        }
        out.flush();
    }

    private void printText(long snapshotId, List<LiveFile> files) {
        if (!files.isEmpty()) {
            TextTable text = new TextTable(
                    "path", "level#", "source", "rows#", "visible#", "bytes#", "added in#", "born in#", "buckets");
            files.forEach(file -> add(text, file));
            text.print(out);
        }
        out.println(
                "snapshot %d: %s".formatted(snapshotId, TreeFigures.of(files).text()));
        TreeFigures.byLevel(files)
                .forEach((level, figures) -> out.println("level %d: %s".formatted(level, figures.text())));
    }

    private static void add(TextTable text, LiveFile live) {
        DataFile file = live.entry().file();
        text.add(
                file.object().path(),
                file.origin().level(),
                file.origin().source().name().toLowerCase(Locale.ROOT),
                file.rowCount(),
                live.visible(),
                Cells.bytes(file.object().sizeBytes()),
                live.entry().addedIn(),
                live.entry().bornIn(),
                buckets(file.slices()));
    }

    private static Map<String, Object> json(LiveFile live) {
        DataFile file = live.entry().file();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", file.object().path());
        json.put("format", file.object().format().name());
        json.put("level", file.origin().level());
        json.put("source", file.origin().source().name());
        json.put("rows", file.rowCount());
        json.put("visible_rows", live.visible());
        json.put("bytes", file.object().sizeBytes());
        json.put("added_in", live.entry().addedIn());
        json.put("born_in", live.entry().bornIn());
        json.put("buckets", ids(file.slices()));
        json.put("partitions", partitions(file.slices()));
        return json;
    }

    private static List<Integer> ids(List<Slice> slices) {
        return slices.stream().map(Slice::bucket).distinct().sorted().toList();
    }

    private static long partitions(List<Slice> slices) {
        return slices.stream().map(Slice::partition).distinct().count();
    }

    /** {@code 0-3,7}, and in how many partitions if in several. */
    private static String buckets(List<Slice> slices) {
        TreeMap<Integer, Integer> runs = new TreeMap<>();
        for (int bucket : ids(slices)) {
            Map.Entry<Integer, Integer> last = runs.lastEntry();
            if (last != null && last.getValue() == bucket - 1) {
                runs.put(last.getKey(), bucket);
            } else {
                runs.put(bucket, bucket);
            }
        }
        StringJoiner text = new StringJoiner(",");
        runs.forEach((from, to) -> text.add(from.equals(to) ? from.toString() : from + "-" + to));
        long partitions = partitions(slices);
        return partitions > 1 ? text + " of " + partitions + " partitions" : text.toString();
    }
}
