package io.streamhouse.cli.ops;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The newest snapshots of a table. */
public final class SnapshotList {
    private final Table table;
    private final PrintWriter out;

    public SnapshotList(Table table, PrintWriter out) {
        this.table = table;
        this.out = out;
    }

    /** Prints the newest {@code last} snapshots, at least one, the newest at the end. */
    public void print(int last, boolean json) throws IOException {
        SnapshotChain chain = table.snapshots();
        Optional<Snapshot> head = chain.latest();
        if (head.isEmpty()) {
            if (!json) {
                out.println("%s has no snapshot yet".formatted(table.name()));
            }
            out.flush();
            return;
        }
        long newest = head.get().id();
        List<Snapshot> snapshots = chain.list(newest - last + 1, newest);
        if (json) {
            JsonLines lines = new JsonLines(out);
            for (Snapshot snapshot : snapshots) {
                lines.print(json(snapshot, chain.files(snapshot).size()));
            }
        } else {
            TextTable text = new TextTable(
                    "id#",
                    "kind",
                    "time",
                    "user",
                    "identifier#",
                    "rows#",
                    "inserted#",
                    "updated#",
                    "deleted#",
                    "files#",
                    "conflicts#");
            for (Snapshot snapshot : snapshots) {
                add(text, snapshot, chain.files(snapshot).size());
            }
            text.print(out);
            long earliest = chain.knownEarliestId();
            out.println("%d of %s, the earliest is %d"
                    .formatted(snapshots.size(), Cells.count(newest - earliest + 1, "readable snapshot"), earliest));
        }
        out.flush();
    }

    private static void add(TextTable text, Snapshot s, int files) {
        boolean nobody = s.author().user().isEmpty();
        DeltaCounts counts = s.change().counts();
        text.add(
                s.id(),
                s.kind().name().toLowerCase(Locale.ROOT),
                Cells.time(s.timeMillis()),
                nobody ? "-" : s.author().user(),
                nobody ? "-" : s.author().identifier(),
                s.totals().rowCount(),
                counts.inserted(),
                counts.updated(),
                counts.deleted(),
                files,
                s.change().conflicts());
    }

    private static Map<String, Object> json(Snapshot s, int files) {
        boolean nobody = s.author().user().isEmpty();
        DeltaCounts counts = s.change().counts();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("snapshot", s.id());
        json.put("kind", s.kind().name());
        json.put("time_millis", s.timeMillis());
        json.put("user", nobody ? null : s.author().user());
        json.put("identifier", nobody ? null : s.author().identifier());
        json.put("schema", s.header().schemaId());
        json.put("rows", s.totals().rowCount());
        json.put("digest", s.totals().digest().toString());
        json.put("inserted", counts.inserted());
        json.put("updated", counts.updated());
        json.put("deleted", counts.deleted());
        json.put("files", files);
        json.put("conflicts", s.change().conflicts());
        return json;
    }
}
